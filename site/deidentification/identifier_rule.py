"""Finds words on a page that may identify a person, and stops publication until an editor has decided about
each.

The words come from `deidentification.page_text`, the rules from `deidentification.identifiers`. A decision
holds by content, on every page about the same person: words that were kept stay kept on a copy; words that an
editor replaced are no longer found.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from django.utils import translation
from django.utils.translation import gettext as _
from django_countries import countries
from wagtail.models import Page

from conditions.words import fold
from consent.models import Person
from deidentification import page_text
from deidentification.identifiers import Finding, KnownName, find
from deidentification.models import KeptIdentifier
from deidentification.passages import Passage
from publication.admin_urls import checklist_url
from publication.mixins import AboutPerson
from publication.reasons import Reason, Why

SHORTEST_NAME = 3
# Kinds that are searched for also in names of files and hidden data, where capital letters mean little.
PLAIN_KINDS = frozenset({"date", "phone", "email", "record"})


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


def findings(page: AboutPerson) -> list[FoundIdentifier]:
    """Return everything on the page that may identify a person, in the page's order, decided or not."""
    names = names_of(page)
    kept = _kept(page)
    found: dict[tuple[str, tuple[str, str]], FoundIdentifier] = {}
    for passage in [*page_text.words_of(page), *page.passages_elsewhere()]:
        for finding in _find(passage, names, page):
            identifier = FoundIdentifier(passage, finding)
            key = identifier.key
            found.setdefault((passage.part, key), replace(identifier, kept=kept.get(key, "")))
    return list(found.values())


def _find(passage: Passage, names: list[KnownName], page: AboutPerson) -> list[Finding]:
    if passage.kind in page_text.NAMES_ONLY:
        # Names of files are usually in small letters: give them capitals, as names of people have.
        text = passage.text.title() if passage.kind == page_text.FILE_NAME else passage.text
        return [one for one in find(text, names) if one.kind in PLAIN_KINDS or _is_known(one)]
    region = str(getattr(page, "country", "")) or None
    found = find(passage.text, names, countries=country_names(), region=region)
    return [one for one in found if _is_known(one)] if page_text.is_credit(page, passage) else found


def _is_known(finding: Finding) -> bool:
    return finding.reason.startswith("Real name")


def names_of(page: AboutPerson) -> list[KnownName]:
    """Return the private names of the people the page is about and of their guardians, and those the page
    adds.
    """
    about = page.people_told_of()
    people = Person.objects.filter(pk__in=about) | Person.objects.filter(guards__person__in=about)
    public = set(fold(getattr(page, "patient_name", "") or "").split())
    names = [name for person in people.distinct() for name in _private_names(person, public)]
    return [*names, *page.known_private_names()]


def _private_names(person: Person, public: set[str]) -> Iterable[KnownName]:
    """Yield the parts of a private name, without a first name that the page shows: that is the consent's
    business.
    """
    for part in person.private_name.split():
        if part[:1].isupper() and fold(part) not in public and len(part) >= SHORTEST_NAME:
            yield KnownName(part, "", f"[{_('name')}]", _("of a person on record"))


def _kept(page: AboutPerson) -> dict[tuple[str, str], str]:
    elsewhere = {
        (kind, KeptIdentifier.key_of(words)): str(_("Decided in the interview."))
        for kind, words in page.identifier_decisions()
    }
    here = KeptIdentifier.objects.filter(person__in=page.people_told_of())
    return elsewhere | {
        (kind, key): reason for kind, key, reason in here.values_list("kind", "key", "reason")
    }


def open_findings(page: AboutPerson) -> list[FoundIdentifier]:
    """Return the findings about which no editor has decided."""
    return [one for one in findings(page) if not one.kept]


def rule(page: Page, _on: datetime) -> list[Reason]:
    """Return a reason against publication for each undecided finding, one for the same words.

    For `gate.rules`.
    """
    url = checklist_url(page)
    once = {one.key: one for one in reversed(open_findings(page))}
    return [Reason(Why.IDENTIFIES, in_words(one), url) for one in reversed(once.values())]


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
