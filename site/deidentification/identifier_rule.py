"""Finds words on a page that may identify a person, and stops publication until an editor has decided about
each.

The words come from `deidentification.page_text`, the rules from `deidentification.identifiers`. A decision
holds by content, on every page about the same person: words that were kept stay kept on a copy; words that an
editor replaced are no longer found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django_countries import countries
from wagtail.models import Page

from conditions.words import fold
from consent.models import Guardianship, Person
from deidentification import page_text, unread_documents
from deidentification.identifiers import Finding, KnownName, find
from deidentification.models import KeptIdentifier
from deidentification.passages import Passage
from deidentification.private_facts import private_of
from publication.admin_urls import checklist_url
from publication.mixins import AboutPerson
from publication.reasons import Reason, Why
from publication.shown_files import shown_files
from queries.kept import Lookup

# Kinds that are searched for also in names of files and hidden data, where capital letters mean little.
PLAIN_KINDS = frozenset({"date", "phone", "email", "record"})
# The same for what programs write, for instance settings of printers, which has many numbers.
PROGRAM_KINDS = frozenset({"email"})


@dataclass(frozen=True)
class FoundIdentifier:
    """Words that may identify a person, once for each passage that contains them.

    `kept`: the reason why an editor kept them, '' while undecided.
    """

    passage: Passage
    finding: Finding
    kept: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What a decision is about: kind and words."""
        return self.finding.kind, KeptIdentifier.key_of(self.finding.text)


@cache
def country_names() -> frozenset[str]:
    """Return the names of all countries in English, case-folded. A page may name a country."""
    with translation.override("en"):
        return frozenset(str(name).casefold() for _code, name in countries)


def findings(page: AboutPerson, files: Iterable[Any] | None = None) -> list[FoundIdentifier]:
    """Return everything on the page that may identify a person, in the page's order, decided or not.

    `files`: the files that the page shows, where they have been read already.
    """
    names = names_of(page)
    kept = _kept(page)
    found: dict[tuple[str, tuple[str, str]], FoundIdentifier] = {}
    for passage in [*page_text.words_of(page, files), *page.passages_elsewhere()]:
        same: dict[tuple[str, str], list[Finding]] = {}
        for finding in _find(passage, names, page):
            same.setdefault(FoundIdentifier(passage, finding).key, []).append(finding)
        for key, each in same.items():
            at = page_text.located(passage, each)
            found.setdefault((passage.part, key), FoundIdentifier(at, each[0], kept.get(key, "")))
    return list(found.values())


def _find(passage: Passage, names: list[KnownName], page: AboutPerson) -> list[Finding]:
    if passage.kind in page_text.NAMES_ONLY:
        # Names of files are usually in small letters: give them capitals, as names of people have.
        text = passage.text.title() if passage.kind == page_text.FILE_NAME else passage.text
        kinds = PROGRAM_KINDS if passage.kind == page_text.PROGRAM_DATA else PLAIN_KINDS
        return [one for one in find(text, names) if one.kind in kinds or is_known(one)]
    region = str(getattr(page, "country", "")) or None
    found = find(passage.text, names, countries=country_names(), region=region)
    return [one for one in found if is_known(one)] if page_text.is_credit(page, passage) else found


def is_known(finding: Finding) -> bool:
    return finding.reason.startswith("Real name")


def names_of(page: AboutPerson) -> list[KnownName]:
    """Return what is private of the people the page is about and of their guardians, and the names that the
    page adds.
    """
    people = dict.fromkeys(one for found in families.of_all(page.people_told_of()).values() for one in found)
    public = set(fold(getattr(page, "patient_name", "") or "").split())
    names = [name for person in people for name in private_of(person, public)]
    return [*names, *page.known_private_names()]


def _read_families(people: Collection[int]) -> dict[int, list[Person]]:
    """Return by person the person and all guardians, in the order of people."""
    # Two small queries: joined with OR, they would read all people.
    found: defaultdict[int, set[int]] = defaultdict(set, {number: {number} for number in people})
    for number, guardian in Guardianship.objects.filter(person__in=people).values_list("person", "guardian"):
        found[number].add(guardian)
    everyone = list(Person.objects.filter(pk__in=set().union(*found.values())))
    return {number: [one for one in everyone if one.pk in numbers] for number, numbers in found.items()}


def _read_decisions(people: Collection[int]) -> dict[int, list[tuple[str, str, str]]]:
    found: defaultdict[int, list[tuple[str, str, str]]] = defaultdict(list)
    rows = KeptIdentifier.objects.filter(person__in=people)
    for number, *decided in rows.values_list("person", "kind", "key", "reason"):
        found[number].append((decided[0], decided[1], decided[2]))
    return found


# By person: the person and all guardians; (kind, key, reason) of each identifier that an editor kept.
families: Lookup[int, list[Person]] = Lookup(_read_families, [])
decisions: Lookup[int, list[tuple[str, str, str]]] = Lookup(_read_decisions, [])


def _kept(page: AboutPerson) -> dict[tuple[str, str], str]:
    elsewhere = {
        (kind, KeptIdentifier.key_of(words)): str(_("Decided in the interview."))
        for kind, words in page.identifier_decisions()
    }
    here = decisions.of_all(page.people_told_of())
    return elsewhere | {(kind, key): reason for decided in here.values() for kind, key, reason in decided}


def open_findings(page: AboutPerson, files: Iterable[Any] | None = None) -> list[FoundIdentifier]:
    """Return the findings about which no editor has decided."""
    return [one for one in findings(page, files) if not one.kept]


def rule(page: Page, _on: datetime) -> list[Reason]:
    """Return a reason against publication for each undecided finding, one for the same words, and for each
    document that could not be searched whole.

    For `gate.rules`.
    """
    url, files = checklist_url(page), shown_files(page)
    once = {one.key: one for one in reversed(open_findings(page, files))}
    found = [Reason(Why.IDENTIFIES, in_words(one), url) for one in reversed(once.values())]
    for one in unread_documents.unread_documents(files):
        if one.read_by is None:
            text = f"{unread_documents.label_of(one.document)}: {one.parts} {Why.NOT_SEARCHED.label}"
            found.append(Reason(Why.NOT_SEARCHED, text, url))
    return found


def in_words(found: FoundIdentifier) -> str:
    """Return '“Porto”:

    Place below country (Paragraph, Before). Write [a town] instead, or keep it with a reason.'
    """
    return _("“%(words)s”: %(why)s (%(where)s). Write %(neutral)s instead, or keep it with a reason.") % {
        "words": found.finding.text,
        "why": found.finding.reason,
        "where": found.passage.label,
        "neutral": found.finding.neutral,
    }
