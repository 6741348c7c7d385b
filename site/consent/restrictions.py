"""Restrictions of a consent, which a restored database must not undo: fewer uses, an earlier end."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from consent.models import Consent
from ledger import kinds, recording
from ledger.models import LedgerEntry

KIND = "consent.restricted"


def restricts(before: Consent, after: Consent) -> bool:
    """Return whether a changed consent allows less than before, in any respect."""
    last = datetime.max.replace(tzinfo=UTC)
    return any(
        (
            before.uses - after.uses,
            (after.ends_at or last) < (before.ends_at or last),
            after.starts_at > before.starts_at,
            after.page_id != before.page_id and after.page_id,
            before.signed_on and not after.signed_on,
            after.person_id != before.person_id,
        )
    )


def record(before: Consent, after: Consent) -> None:
    """Write to the ledger what a consent still allows, in the transaction that changed it.

    Also when a consent that was restricted earlier is widened again, so that a mistake that was corrected is
    not repeated: the last entry of a consent counts.
    """
    earlier = LedgerEntry.objects.filter(kind=KIND, payload__consent=after.pk)
    if restricts(before, after) or earlier.exists():
        recording.record(KIND, payload_of(after))


def record_deletion(consent: Consent) -> None:
    """Write to the ledger that a consent which was signed is no longer on record, in the transaction that
    deleted it.
    """
    if consent.signed_on:
        recording.record(KIND, {**payload_of(consent), "signed": False})


def payload_of(consent: Consent) -> dict[str, Any]:
    """Return what a consent allows, without personal text."""
    return {
        "consent": consent.pk,
        "mark": kinds.mark(consent),
        "person": consent.person_id,
        "uses": sorted(use.value for use in consent.uses),
        "starts_at": consent.starts_at.isoformat(),
        "ends_at": consent.ends_at.isoformat() if consent.ends_at else None,
        "for_one_page": consent.for_one_page,
        "page": consent.page_id,
        "signed": consent.signed_on is not None,
    }
