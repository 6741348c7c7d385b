"""Judges the pages that show a shared object: what would the gate say after a change that it does not say
now?
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actors import Actor
from conditions.words import fold
from consent.grants import ConsentLookup
from consent.models import Depiction, Person
from deidentification import identifier_rule
from deidentification.identifier_rule import is_known
from deidentification.identifiers import find
from deidentification.page_text import words_of_file
from deidentification.private_facts import private_of
from media.models import Document, Picture, Recording
from mentions.candidates import strings_of
from mentions.names_again import message, names_typed
from mentions.places import is_shown
from mentions.stored_texts import plain_text
from mentions.stored_versions import texts_in
from publication import gate
from publication.admin_urls import edit_url
from publication.models import PageDependency
from publication.reasons import Reason, Why
from shared_changes.operations import Operation
from shared_changes.usage import Usage, is_about_person
from withdrawal import remembered

FILES = (Picture, Recording, Document)
# Of something other than a file, the gate is asked about so many pages at most: it knows such things by
# their names alone, and private names are searched for in any case.
MOST_PAGES = 200
NOT_ALLOWED = "not_allowed"
# What a family can decide: an answer of theirs ends the wait.
OF_FAMILY = frozenset({Why.NOT_APPROVED, Why.CHANGED, Why.CHANGE_ASKED})


@dataclass(frozen=True)
class Against:
    """A reason against a change.

    `page`, `number`: the title and number of the page that may not show it. `kind`, `words`: of an
    identifier, about which an editor can decide. `why`: as in `publication.reasons.Why`, or NOT_ALLOWED.
    """

    text: str
    page: str = ""
    number: int | None = None
    url: str = ""
    kind: str = ""
    words: str = ""
    why: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


@dataclass
class Verdict:
    """What the rules say of the pages at one moment: by page, the reasons of the gate; and the names that
    they found.

    `names`: the private names in the words of the object, case-folded. `withdrawn`: what is said of names of
    people who withdrew. `quoted`: the numbers of people who withdrew words that it carries.
    """

    reasons: dict[int, set[tuple[str, str, str]]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    withdrawn: set[str] = field(default_factory=set)
    quoted: set[int] = field(default_factory=set)
    found: dict[tuple[int, str, str, str], tuple[Any, Reason]] = field(default_factory=dict)


def lock_people(usage: Usage) -> None:
    """Lock everyone on whose consent these pages depend, as a publication does, before anything else is
    locked.
    """
    people = PageDependency.objects.filter(page__in=usage.pages, person__isnull=False)
    ConsentLookup.by(people.values_list("person", flat=True), lock=True)


def judge(thing: Any, usage: Usage, words: str) -> Verdict:
    """Return what the rules say now of the pages that show `thing`; `words`: what is shown of it besides
    files.
    """
    verdict, now = Verdict(), timezone.now()
    asked = isinstance(thing, FILES) or len(usage.pages) <= MOST_PAGES
    for page in usage.specific_pages() if asked else ():
        if is_about_person(page):
            for reason in gate.all_reasons(page, now):
                # An approval that is missing already must not let another version through.
                content = page.public_hash() if reason.why in OF_FAMILY else ""
                key = (reason.why.value, reason.text, content)
                verdict.reasons.setdefault(page.pk, set()).add(key)
                verdict.found[page.pk, *key] = (page, reason)
    verdict.names = _names_in(thing, usage, words)
    shown = strings_of(thing) if is_shown(type(thing)) else ()
    texts = [*map(plain_text, shown), *map(plain_text, words.split("\n"))]
    verdict.withdrawn = {message(typed) for typed in names_typed(texts)}
    verdict.quoted = remembered.who_may_not_be_quoted(texts)
    return verdict


def objections(before: Verdict, after: Verdict) -> list[Against]:
    """Return what the rules say after a change and did not say before it. Call it while the change is
    applied.
    """
    found = []
    for number, reasons in after.reasons.items():
        for key in sorted(reasons - before.reasons.get(number, set())):
            page, reason = after.found[(number, *key)]
            if reason.why != Why.IDENTIFIES:
                found.append(
                    Against(
                        reason.text, page.title, page.pk, reason.url or edit_url(page), why=reason.why.value
                    )
                )
                continue
            words = {
                identifier_rule.in_words(one): one.finding for one in identifier_rule.open_findings(page)
            }
            finding = words[reason.text]
            found.append(
                Against(reason.text, page.title, page.pk, edit_url(page), finding.kind, finding.text)
            )
    found += [
        Against(_("“%(name)s” is the private name of a person on record.") % {"name": name})
        for name in sorted(after.names - before.names)
    ]
    found += [Against(text) for text in sorted(after.withdrawn - before.withdrawn)]
    if after.quoted - before.quoted:
        found.append(Against(str(remembered.WITHDRAWN), why=Why.WORDS.value))
    return found


# Private names ----------------------------------------------------------------------------------------------


def _names_in(thing: Any, usage: Usage, words: str) -> set[str]:
    """Return the private names in what is shown of an object on pages that do not ask the gate.

    Pages about a person search the words of their files themselves.
    """
    is_file = isinstance(thing, FILES)
    passages = [passage.text for passage in words_of_file(thing)] if is_file else []
    text = "\n".join([*passages, words])
    found = set(_whole_names(text))
    if isinstance(thing, Picture | Recording):
        seen = Depiction.objects.filter(**{str(thing._meta.model_name): thing.pk}).values_list(
            "person", flat=True
        )
        if _has_other_pages(usage):
            names = [
                name for person in Person.objects.filter(pk__in=seen) for name in private_of(person, set())
            ]
            found |= {finding.text.casefold() for finding in find(text, names) if is_known(finding)}
    return found


def _has_other_pages(usage: Usage) -> bool:
    return bool(usage.others) or not all(map(is_about_person, usage.specific_pages()))


def _whole_names(text: str) -> Iterator[str]:
    """Yield the full private names of anyone on record that a text contains."""
    padded = f" {fold(text)} "
    for name in Person.objects.exclude(private_name="").values_list("private_name", flat=True).iterator():
        folded = fold(name)
        if " " in folded and f" {folded} " in padded:
            yield folded


def words_in(operations: Iterable[Operation]) -> str:
    """Return the words that operations write, of objects that are not files."""
    values = (value for operation in operations for value in operation.values.values())
    return "\n".join(text for value in values for text in texts_in(value))


def not_allowed(by: Actor) -> Against:
    """Return the reason of a user who may not publish the pages."""
    return Against(
        _("%(user)s may not publish these pages. A publisher reviews the change.") % {"user": by.name},
        why=NOT_ALLOWED,
    )
