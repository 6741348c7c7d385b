"""Whom a page about no one names: an editor decides before it is published, as for a quote.

A name under which pages may show a person needs no decision where the page quotes or shows them, or links to
a public page about them: then it is known who is meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page

from attribution import rules
from attribution.content import content_of
from consent.models import Guardianship, Person
from mentions import name_decisions, names_again, person_names
from mentions.full_names import hash_of, mark_of
from mentions.matching import Matcher, Name
from mentions.models import NameDecision
from mentions.person_names import OnRecord
from mentions.redacting import slug_words
from mentions.terms import written_as_name
from publication.consent_requirements import store_links
from publication.mixins import AboutPerson
from publication.models import PageDependency
from publication.reasons import Reason, Why
from publication.shown_files import references_of
from queries import kept

# So many of those who may be meant are named to the editor.
MOST_NAMED = 3


@dataclass(frozen=True)
class Question:
    """A name about which an editor decides. `people`: who may be meant, by number; none for a real name that
    no page may show.
    """

    name: OnRecord
    people: tuple[Person, ...]

    @property
    def text(self) -> str:
        """What the editor is asked."""
        if not self.people:
            text = _(
                "“%(name)s” is the real name of a person on record. Leave it out, or state that it means "
                "someone else."
            )
            return text % {"name": self.name.text}
        people = ", ".join(map(str, self.people[:MOST_NAMED]))
        text = _("“%(name)s” may mean a person on record: %(people)s. Say who is meant.")
        return text % {"name": self.name.text, "people": people}


def names_on(page: Page) -> list[OnRecord]:
    """Return the names of people on record that visitors read on a page about no one. Collected once while
    it is published.
    """
    return kept.once(page, "names on record", lambda: _names_on(page))


def _names_on(page: Page) -> list[OnRecord]:
    address = slug_words(page.slug or "")
    texts = [text for text in names_again.texts_of(page) if text != address]
    return person_names.names_on_record(texts, address)


def people_meant(page: Page) -> set[int]:
    """Return the people whom names on a page mean, as editors decided. One query where none did."""
    decided = name_decisions.people_on(page)
    if not decided:
        return set()
    return {decided[name.mark] for name in names_on(page) if name.mark in decided}


def questions(page: Page, own: set[int]) -> list[Question]:
    """Return what is left to decide. `own`: the people whom the page quotes or shows."""
    found = names_on(page)
    decided = name_decisions.of_page(page, [name.mark for name in found])
    found = _not_withdrawn(page, [name for name in found if name.mark not in decided])
    if not found:
        return []
    bearers = {number for name in found for number in name.people}
    # A guardian is told of with the child's consent.
    children = _children(bearers)
    people = Person.objects.filter(erased_at=None).in_bulk(bearers.union(*children.values()))
    known = own | _linked_to(page)
    known = known.union(*_signing_for(known).values())
    left = []
    for name in found:
        present = [people[number] for number in sorted(name.people) if number in people]
        # That the page quotes someone, or links to them, is no leave to write their real name.
        may_mean = [one for one in present if not _is_real_name(one, name)]
        if present and not any(one.pk in known for one in may_mean):
            left.append(_question(name, may_mean, people, children))
    return left


def _not_withdrawn(page: Page, found: list[OnRecord]) -> list[OnRecord]:
    """Leave out the names of which the rule for withdrawn names says what to do."""
    typed = names_again.names_typed(names_again.texts_of(page), title=page.title) if found else ()
    withdrawn = {word for one in typed for word in one.words}
    return [name for name in found if withdrawn.isdisjoint(name.words)]


def _question(
    name: OnRecord, may_mean: list[Person], people: dict[int, Person], children: dict[int, set[int]]
) -> Question:
    meant = dict.fromkeys(one.pk for one in may_mean)
    for one in may_mean:
        meant |= dict.fromkeys(sorted(children.get(one.pk, set()) & people.keys()))
    return Question(name, tuple(people[number] for number in meant))


def _is_real_name(person: Person, name: OnRecord) -> bool:
    """Return whether a name is the real one of a person, and not that under which pages may show them."""
    words = set(name.words)
    shown, real = written_as_name(person.display_name), written_as_name(person.private_name)
    return words <= set(real) and not words <= set(shown)


def _signing_for(people: set[int]) -> dict[int, set[int]]:
    """Return by person who signs for them."""
    return _grouped("person", "guardian", people)


def _children(guardians: set[int]) -> dict[int, set[int]]:
    """Return by guardian for whom they sign."""
    return _grouped("guardian", "person", guardians)


def _grouped(by: str, what: str, numbers: set[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    if numbers:
        for one, other in Guardianship.objects.filter(**{f"{by}__in": numbers}).values_list(by, what):
            found.setdefault(one, set()).add(other)
    return found


def _linked_to(page: Page) -> set[int]:
    """Return the people of the public pages to which a page links."""
    linked = set()
    for kind, number, _model_path, _path in references_of(page):
        model = ContentType.objects.get_for_id(kind).model_class()
        if model is not None and issubclass(model, Page):
            linked.add(int(number))
    if not linked:
        return set()
    rows = PageDependency.objects.filter(page__in=linked, page__live=True, person__isnull=False)
    return set(rows.values_list("person", flat=True))


def reasons(page: Page, own: set[int]) -> Iterator[Reason]:
    """Yield a reason for each name of which no one has said whom it means. For `attribution.rules`."""
    for question in questions(page, own):
        number = name_decisions.page_number(page)
        url = reverse("name_decision", args=[number, str(question.name.mark)]) if number else ""
        yield Reason(Why.UNATTRIBUTED, question.text, url)


def open_questions(page: Page) -> list[Question]:
    """Return what is left to decide on a page that is read again, for instance to show its questions."""
    content = content_of(page)
    needed = rules.requirements(page, content, rules.depictions_on(content))
    return questions(page, {one.person for one in needed if one.person})


def link(page: Page) -> None:
    """Note on whom a page depends, after a decision: withdrawals look there."""
    if not isinstance(page, AboutPerson):
        store_links(page, rules.links_of(page), draft=True)


# At a withdrawal --------------------------------------------------------------------------------------------


def decided_for(person: int, matcher: Matcher) -> dict[int, dict[int, bool]]:
    """Return what editors decided about the names that are looked for: by page and mark, whether the name
    means this person. One query, none without names.
    """
    marks = {mark for name in matcher.names for mark in _marks(name)}
    found: dict[int, dict[int, bool]] = {}
    if not marks:
        return found
    rows = NameDecision.objects.filter(Q(mark__in=marks) | Q(person=person))
    for page, mark, meant in rows.values_list("page", "mark", "person"):
        found.setdefault(page, {})[mark] = meant == person
    return found


def as_decided(holder: Any, matcher: Matcher, decided: dict[int, dict[int, bool]]) -> Matcher:
    """Return the matcher for one page: a name is not sure where an editor said that it means someone else,
    and the others are sure where they said that the page names the person.
    """
    here = decided.get(holder.pk) if isinstance(holder, Page) else None
    if not here:
        return matcher
    is_named = any(here.values())
    names = [
        replace(
            name,
            is_sure=(is_named or name.is_sure) and not any(here.get(mark) is False for mark in _marks(name)),
        )
        for name in matcher.names
    ]
    return replace(matcher, names=names)


def _marks(name: Name) -> tuple[int, ...]:
    key = person_names.key()
    whole = hash_of(" ".join(name.words), key)
    return (whole, mark_of(name.words[0], key)) if len(name.words) == 1 else (whole,)


__all__ = [
    "Question",
    "as_decided",
    "decided_for",
    "link",
    "names_on",
    "open_questions",
    "people_meant",
    "questions",
    "reasons",
]
