"""The publication gate: may a page about a person be public, and if not, why not?

Publication asks `reasons_not_public` and is refused while there are any; then `write_clearance` writes down for how long, and
which parts stay out. Everything that shows pages to visitors asks the clearance (`publication.visibility`): one row
looked up by key, in force to the second. After a consent changes, `publication.reassess` runs in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from consent import time_spans
from consent.grants import ConsentLookup
from consent.models import Consent
from publication.admin_urls import edit_url, person_url
from publication.models import Clearance
from publication.reasons import ConsentRequirement, Reason, Why
from publication.windows import consent_page_ids, windows

# What else may stop publication: apps above add their own rule, `rule(page, on) -> reasons`.
rules: list[Callable[[Any, datetime], Iterable[Reason]]] = []


class NotPublic(ValidationError):
    """Publication was refused. `reasons`: all of them; `page`: the page as it would have been published."""

    def __init__(self, page: Any, reasons: list[Reason]) -> None:
        self.page, self.reasons = page, reasons
        super().__init__({NON_FIELD_ERRORS: [reason.text for reason in reasons]})


# Why not ----------------------------------------------------------------------------------------------------


def reasons_not_public(page: Any, on: datetime | None = None) -> list[Reason]:
    """Every reason why the whole page may not be public at that moment (now by default); [] where it may."""
    return [reason for reason in all_reasons(page, on) if not reason.part]


def parts_not_public(page: Any, on: datetime | None = None) -> list[Reason]:
    """Why parts of the page are left out while the rest is public; `reason.part` names the part."""
    return [reason for reason in all_reasons(page, on) if reason.part]


def all_reasons(page: Any, on: datetime | None = None, lookup: ConsentLookup | None = None) -> list[Reason]:
    """Reasons against the page and against its parts, in the page's order."""
    on = on or timezone.now()
    requirements = list(dict.fromkeys(page.consent_requirements()))
    lookup = lookup or ConsentLookup.by(
        requirement.person for requirement in requirements if requirement.person
    )
    reasons: list[Reason] = []
    nobody = Reason(Why.NO_PERSON, str(Why.NO_PERSON.label), edit_url(page))
    if not any(requirement.person for requirement in requirements if not requirement.part):
        reasons.append(nobody)
    given, pages = lookup.grants(), consent_page_ids(page)
    for requirement in requirements:
        if requirement.person is None:
            if requirement.part or reasons[:1] != [nobody]:
                reasons.append(
                    Reason(
                        Why.NO_PERSON,
                        _naming(requirement, str(Why.NO_PERSON.label)),
                        edit_url(page),
                        requirement,
                    )
                )
        elif (
            time_spans.at(time_spans.spans_of(given, requirement.person, requirement.use, pages), on) is None
        ):
            reasons.append(_closest_reason(requirement, lookup, pages, on))
    for rule in rules:
        reasons += rule(page, on)
    return reasons


def _closest_reason(
    requirement: ConsentRequirement, lookup: ConsentLookup, pages: frozenset[int], on: datetime
) -> Reason:
    """Which of the person's consents comes nearest, and what it lacks."""
    assert requirement.person is not None
    person = lookup.people.get(requirement.person)
    why, url = Why.NO_CONSENT, person_url(requirement.person)
    fitting = [
        consent
        for consent in lookup.consents.get(requirement.person, [])
        if not consent.for_one_page or consent.page_id in pages
    ]
    states = {consent.state(on) for consent in fitting}
    if person is not None and person.erased_at:
        why = Why.ERASED
    elif Consent.State.IN_FORCE in states:
        taken_back = any(
            requirement.use.value in one.withdrawn_uses
            for one in fitting
            if one.state(on) == Consent.State.IN_FORCE
        )
        why = Why.WITHDRAWN if taken_back else Why.NOT_GRANTED
    elif Consent.State.COMING in states:
        why = Why.NOT_YET
    elif Consent.State.WITHDRAWN in states:
        why = Why.WITHDRAWN
    elif Consent.State.EXPIRED in states:
        why = Why.EXPIRED
    text = _("%(why)s Whose: %(person)s. For: %(use)s.") % {
        "why": why.label,
        "person": person or _("somebody unknown"),
        "use": requirement.use.label,
    }
    return Reason(why, _naming(requirement, text), url, requirement)


def _naming(requirement: ConsentRequirement, text: str) -> str:
    return f"{requirement.label}: {text}" if requirement.label else text


# Letting through --------------------------------------------------------------------------------------------


def lock_people(page: Any) -> None:
    """Until the transaction ends nobody takes back a consent the page rests on. Before anything else of it is locked:

    whoever withdraws goes the same way, first the person and then pages, so that neither waits for the other in vain.
    """
    ConsentLookup.by(
        (requirement.person for requirement in page.consent_requirements() if requirement.person), lock=True
    )


def require_consent(page: Any, on: datetime | None = None) -> None:
    """Raise NotPublic, with all reasons, unless the page may be public. Inside a transaction nobody can withdraw meanwhile."""
    lookup = ConsentLookup.by(
        (requirement.person for requirement in page.consent_requirements() if requirement.person), lock=True
    )
    reasons = [reason for reason in all_reasons(page, on, lookup) if not reason.part]
    if reasons:
        raise NotPublic(page, reasons)


def write_clearance(
    page: Any, on: datetime | None = None, lookup: ConsentLookup | None = None
) -> Clearance | None:
    """Write down for how long the saved page may be public and which parts when; None, and no clearance, where it may not.

    `lookup`: the consents of everybody the page rests on, where they were read already.
    """
    on = on or timezone.now()
    whole, parts = windows(page, lookup) if page.live else ([], {})
    span = time_spans.at(whole, on)
    if span is None or not page.live:
        Clearance.objects.filter(page_id=page.pk).delete()
        return None
    made = Clearance(
        page_id=page.pk,
        starts_at=span[0] or on,
        ends_at=span[1],
        parts={part: [[_iso(start), _iso(end)] for start, end in spans] for part, spans in parts.items()},
        content_hash=page.public_hash(),
    )
    clearance, _made = Clearance.objects.update_or_create(
        page_id=page.pk,
        defaults={
            "starts_at": made.starts_at,
            "ends_at": made.ends_at,
            "parts": made.parts,
            "changes_at": made.next_change(on),
            "content_hash": made.content_hash,
        },
    )
    return clearance


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
