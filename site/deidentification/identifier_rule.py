"""What may identify somebody on a page, and whether somebody decided about it: asked at every publication.

The words come from `deidentification.page_text`, the rules from `deidentification.identifiers`. A decision holds by content, for everything
about the same person: words that were kept stay kept on a copy; words that were mended are no longer found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django_countries import countries

from audit import trail
from audit.actors import Actor
from conditions.words import fold
from consent.models import Person
from deidentification import page_text
from deidentification.identifiers import Finding, KnownName, find
from deidentification.models import KeptIdentifier
from deidentification.passages import Passage
from publication.admin_urls import checklist_url
from publication.reasons import Reason, Why

# Rooms above add: private names that must never appear on a page, words of a page that lie elsewhere, (kind, words) that
# were decided on there, and where a passage is mended ('' where they do not know).
known_names: list[Callable[[Any], Iterable[KnownName]]] = []
sources: list[Callable[[Any], Iterable[Passage]]] = []
decided: list[Callable[[Any], Iterable[tuple[str, str]]]] = []
places: list[Callable[[Passage], str]] = []

SHORTEST_NAME = 3


@dataclass(frozen=True)
class Found:
    """Words that may identify somebody, once for each passage they stand in. `kept`: why they stay, '' while open."""

    passage: Passage
    finding: Finding
    kept: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.finding.kind, key_of(self.finding.text)

    @property
    def url(self) -> str:
        """Where the words are mended; '' where only the page's editor knows."""
        return next((url for place in places if (url := place(self.passage))), "")


def key_of(text: str) -> str:
    return text.casefold()[:300]


@cache
def country_names() -> frozenset[str]:
    """The names of all countries in English, case-folded: these may stay."""
    with translation.override("en"):
        return frozenset(str(name).casefold() for _code, name in countries)


def findings(page: Any) -> list[Found]:
    """Everything on the page that may identify somebody, in the page's order; also what was decided to stay."""
    names = names_of(page)
    kept = _kept(page)
    found: dict[tuple[str, tuple[str, str]], Found] = {}
    passages = [*page_text.words_of(page), *(one for source in sources for one in source(page))]
    for passage in passages:
        for finding in _find(passage, names, page):
            one = Found(passage, finding)
            found.setdefault((passage.part, one.key), replace(one, kept=kept.get(one.key, "")))
    return list(found.values())


def _find(passage: Passage, names: list[KnownName], page: Any) -> list[Finding]:
    text = passage.text
    if passage.kind in page_text.NAMES_ONLY:
        # Names of files are written small and with hyphens; that they are names of files is no finding.
        text = text.title() if passage.kind == page_text.FILE_NAME else text
        kinds = {"date", "phone", "email", "record"}
        return [one for one in find(text, names) if one.kind in kinds or _is_known(one)]
    region = str(getattr(page, "country", "")) or None
    found = find(text, names, countries=country_names(), region=region)
    return [one for one in found if _is_known(one)] if page_text.is_credit(page, passage) else found


def _is_known(finding: Finding) -> bool:
    return finding.reason.startswith("Real name")


def names_of(page: Any) -> list[KnownName]:
    """The private names of those the page is about, of who signs for them, and of whom rooms above know."""
    told_of = page.people_told_of()
    people = Person.objects.filter(pk__in=told_of) | Person.objects.filter(guards__person__in=told_of)
    public = set(fold(getattr(page, "patient_name", "") or "").split())
    names = []
    for person in people.distinct():
        # A real first name that the page shows is asked of the consent (`Use.REAL_NAME`), not here.
        parts = [
            part for part in person.private_name.split() if part[:1].isupper() and fold(part) not in public
        ]
        names += [
            KnownName(part, "", f"[{_('name')}]", _("of somebody on record"))
            for part in parts
            if len(part) >= SHORTEST_NAME
        ]
    return [*names, *(name for more in known_names for name in more(page))]


def _kept(page: Any) -> dict[tuple[str, str], str]:
    elsewhere = {
        (kind, key_of(words)): str(_("Decided in the interview."))
        for more in decided
        for kind, words in more(page)
    }
    here = KeptIdentifier.objects.filter(person__in=page.people_told_of()).values_list(
        "kind", "key", "reason"
    )
    return elsewhere | {(kind, key): reason for kind, key, reason in here}


def open_findings(page: Any) -> list[Found]:
    """Those nobody has decided about."""
    return [one for one in findings(page) if not one.kept]


def rule(page: Any, on: datetime) -> list[Reason]:
    """For `gate.rules`: every open finding stops publication, the same words once."""
    url = checklist_url(page)
    once = {one.key: one for one in reversed(open_findings(page))}
    return [Reason(Why.IDENTIFIES, in_words(one), url) for one in reversed(once.values())]


def in_words(found: Found) -> str:
    """‘“Porto”: Place below country (Paragraph, Before). Write [a town] instead, or keep it with a reason.’"""
    return _("“%(words)s”: %(why)s (%(where)s). Write %(neutral)s instead, or keep it with a reason.") % {
        "words": found.finding.text,
        "why": found.finding.reason,
        "where": found.passage.label,
        "neutral": found.finding.neutral,
    }


@transaction.atomic
def keep(*, page: Any, kind: str, text: str, reason: str, by: Actor) -> KeptIdentifier:
    """Decide that these words stay on everything about the page's person, and why. Raises ValueError without a reason."""
    if len(reason.strip()) < 3:
        raise ValueError(_("Say why these words may stay: the reason is kept."))
    person = next(iter(page.people_told_of()), None)
    if person is None:
        raise ValueError(_("The page does not say whom it is about: choose the person first."))
    kept, _made = KeptIdentifier.objects.update_or_create(
        person_id=person,
        kind=kind,
        key=key_of(text),
        defaults={"text": text[:300], "reason": reason.strip()[:300], "by": by.user, "by_name": by.name},
    )
    trail.record(
        by=by, action="identifier.keep", thing=kept, person=person, details={"page": page.pk, "kind": kind}
    )
    return kept


@transaction.atomic
def reopen(*, kept: KeptIdentifier, by: Actor) -> None:
    """Take such a decision back: the words stop publication again."""
    trail.record(by=by, action="identifier.reopen", thing=kept, person=kept.person_id)
    kept.delete()
