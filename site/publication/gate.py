"""The publication gate: may a page about a person be public, and if not, why not?

Publication asks `reasons_not_public` and is refused while there are any; then `write_clearance` stores for
how long the page may be public and which parts are redacted. Everything that shows pages to visitors asks the
clearance (`publication.visibility`): one row looked up by key, in force to the second. After a consent
changes, `publication.reassess` runs in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from consent import time_spans
from consent.grants import ConsentLookup
from consent.models import Consent, Person
from publication.admin_urls import edit_url, person_url
from publication.models import Clearance, PageDependency
from publication.reasons import ConsentRequirement, Reason, Why, requirements_of
from publication.windows import consent_page_ids, windows
from queries import kept

# What else may stop publication: apps above add their own rule, `rule(page, on) -> reasons`.
rules: list[Callable[[Any, datetime], Iterable[Reason]]] = []


class NotPublic(ValidationError):
    """Publication was refused. `reasons`: all of them; `page`: the page as it would have been published."""

    def __init__(self, page: Page, reasons: list[Reason]) -> None:
        self.page, self.reasons = page, reasons
        super().__init__({NON_FIELD_ERRORS: [reason.text for reason in reasons]})


# Why not ----------------------------------------------------------------------------------------------------


def reasons_not_public(page: Page, on: datetime | None = None) -> list[Reason]:
    """Return every reason why the whole page may not be public at that moment (now by default)."""
    return [reason for reason in all_reasons(page, on) if not reason.part]


def parts_not_public(page: Page, on: datetime | None = None) -> list[Reason]:
    """Return why parts of the page are redacted while the rest is public; `reason.part` names the part."""
    return [reason for reason in all_reasons(page, on) if reason.part]


def all_reasons(page: Page, on: datetime | None = None, lookup: ConsentLookup | None = None) -> list[Reason]:
    """Return the reasons against the page and against its parts, in the page's order."""
    if on is None and kept.is_keeping():
        # A draft of a batch is judged once, though more than one asks.
        return kept.once(page, "reasons", lambda: all_reasons(page, timezone.now(), lookup))
    on = on or timezone.now()
    requirements = requirements_of(page)
    lookup = lookup or (_locked_lookup(page) if kept.is_keeping() else lookup_for(requirements))
    reasons = [*_nobody_linked(page, requirements), *without_consent(page, requirements, on, lookup)]
    for rule in rules:
        reasons += rule(page, on)
    return reasons


def lookup_for(requirements: Iterable[ConsentRequirement], *, lock: bool = False) -> ConsentLookup:
    """Read the consents of everyone whose consent is required."""
    people = (requirement.person for requirement in requirements if requirement.person)
    return ConsentLookup.by(people, lock=lock)


def _nobody_linked(page: Page, requirements: list[ConsentRequirement]) -> Iterator[Reason]:
    """Yield a reason for each requirement that names no person, and one if the page as a whole requires
    nothing.
    """
    has_person = any(requirement.person for requirement in requirements if not requirement.part)
    if has_person and all(requirement.person for requirement in requirements):
        return
    label, url = str(Why.NO_PERSON.label), edit_url(page)
    if not has_person:
        yield Reason(Why.NO_PERSON, label, url)
    for requirement in requirements:
        # The reason above already covers what the whole page requires.
        if requirement.person is None and (requirement.part or has_person):
            yield Reason(Why.NO_PERSON, _labelled(requirement, label), url, requirement)


def without_consent(
    page: Page, requirements: Iterable[ConsentRequirement], on: datetime, lookup: ConsentLookup
) -> Iterator[Reason]:
    """Yield a reason for each requirement that names a person who does not consent at that moment."""
    grants, pages = lookup.grants(), consent_page_ids(page)
    for requirement in requirements:
        if requirement.person is not None:
            spans = time_spans.spans_of(grants, requirement.person, requirement.use, pages)
            if time_spans.at(spans, on) is None:
                yield _closest_reason(requirement, lookup, pages, on)


def _closest_reason(
    requirement: ConsentRequirement, lookup: ConsentLookup, pages: frozenset[int], on: datetime
) -> Reason:
    """Return the reason that the person's nearest consent gives: what that consent lacks."""
    assert requirement.person is not None
    person = lookup.people.get(requirement.person)
    consents = [
        consent
        for consent in lookup.consents.get(requirement.person, [])
        if not consent.for_one_page or consent.page_id in pages
    ]
    why = Why.ERASED if person is not None and person.erased_at else _lacking(requirement, consents, on)
    text = _("%(why)s Person: %(person)s. Use: %(use)s.") % {
        "why": why.label,
        "person": person or _("unknown"),
        "use": requirement.use.label,
    }
    return Reason(why, _labelled(requirement, text), person_url(requirement.person), requirement)


def _lacking(requirement: ConsentRequirement, consents: list[Consent], on: datetime) -> Why:
    states = {consent.state(on) for consent in consents}
    if Consent.State.IN_FORCE in states:
        in_force = [consent for consent in consents if consent.state(on) == Consent.State.IN_FORCE]
        withdrawn = any(requirement.use.value in consent.withdrawn_uses for consent in in_force)
        return Why.WITHDRAWN if withdrawn else Why.NOT_GRANTED
    nearest = {
        Consent.State.COMING: Why.NOT_YET,
        Consent.State.WITHDRAWN: Why.WITHDRAWN,
        Consent.State.EXPIRED: Why.EXPIRED,
    }
    return next((why for state, why in nearest.items() if state in states), Why.NO_CONSENT)


def _labelled(requirement: ConsentRequirement, text: str) -> str:
    return f"{requirement.label}: {text}" if requirement.label else text


# Publishing -------------------------------------------------------------------------------------------------


def lock_people(pages: Iterable[int]) -> None:
    """Lock the people on whose consent these pages depend until the transaction ends, so that none can be
    withdrawn.

    Call this before anything else of the pages is locked. A withdrawal locks in the same order, the person
    first and then pages, so the two cannot deadlock. What a draft depends on was stored with it
    (`publication.consent_requirements.sync_page_links`); what is required of it is collected after this, so
    that another process that changes it meanwhile waits, and reassesses the page as it was published. Anyone
    else whom the page then requires is locked by `require_consent`.
    """
    depending = PageDependency.objects.filter(page__in=list(pages), person__isnull=False)
    lock(depending.values_list("person", flat=True))


def lock(people: Iterable[int]) -> None:
    """Lock these people, in the order in which all transactions lock people."""
    if numbers := sorted(set(people)):
        list(Person.objects.select_for_update().filter(pk__in=numbers).order_by("pk").values_list("pk"))


def _locked_lookup(page: Page) -> ConsentLookup:
    """Read the consents that the page requires, and lock the people: once while the page is published."""
    return kept.once(page, "consents", lambda: lookup_for(requirements_of(page), lock=True))


def require_consent(page: Page, on: datetime | None = None) -> None:
    """Raise NotPublic, with all reasons, unless the page may be public.

    In a transaction, no consent can change after.
    """
    lookup = _locked_lookup(page)
    reasons = [reason for reason in all_reasons(page, on, lookup) if not reason.part]
    if reasons:
        raise NotPublic(page, reasons)


def write_clearance(
    page: Page, on: datetime | None = None, lookup: ConsentLookup | None = None
) -> Clearance | None:
    """Store for how long the saved page may be public, and when each part may be shown, and return the
    clearance.

    Where the page may not be public, delete its clearance and return None. `lookup`: the consents of everyone
    whose consent the page requires, where they were read already.
    """
    on = on or timezone.now()
    made = clearance_of(page, on, lookup)
    if made is None:
        Clearance.objects.filter(page_id=page.pk).delete()
        return None
    # One statement, or two for the first clearance of a page. The caller holds the lock of the page.
    made.save()
    return made


def clearance_of(page: Page, on: datetime, lookup: ConsentLookup | None = None) -> Clearance | None:
    """Return the clearance of the page, not stored; None where it may not be public at the moment `on`."""
    if lookup is None and kept.is_keeping():
        lookup = _locked_lookup(page)
    whole, parts = windows(page, lookup) if page.live else ([], {})
    span = time_spans.at(whole, on)
    if span is None or not page.live:
        return None
    made = Clearance(
        page_id=page.pk,
        starts_at=span[0] or on,
        ends_at=span[1],
        parts={part: [[_iso(start), _iso(end)] for start, end in spans] for part, spans in parts.items()},
        content_hash=page.public_hash(),
    )
    made.changes_at = made.next_change(on)
    return made


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
