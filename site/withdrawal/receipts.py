"""The receipt of a withdrawal: what was removed, when, what remains and why.

As plain data, without any name.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from consent.models import Republication
from consent.uses import Use
from mentions.summary import Summary
from mentions.summary import summary as summarised
from withdrawal import again, surfaces, takedown
from withdrawal.models import TakedownStep, Withdrawal

State = TakedownStep.State


def label_of(surface: str) -> str:
    """Return the surface's label, or its name if it is not registered any more."""
    try:
        return str(surfaces.get(surface).label)
    except KeyError:
        return surface


def lines(withdrawal: Withdrawal) -> list[dict[str, Any]]:
    """Return one dict for each surface with affected content, in the order in which they are taken down.

    Keys: surface, label, count, state, state_label, tries, error, next_try_at, latest_possible (None: until
    the step succeeds), done_at, seconds (from the withdrawal until the check; None before the check).
    """
    order = {surface.name: position for position, surface in enumerate(surfaces.registered())}
    steps = sorted(
        withdrawal.steps.select_related("withdrawal"), key=lambda step: order.get(step.surface, len(order))
    )
    return [
        {
            "surface": step.surface,
            "label": label_of(step.surface),
            "count": step.count,
            "state": step.state,
            "state_label": str(step.get_state_display()),
            "tries": step.tries,
            "error": step.error,
            "next_try_at": step.next_try_at,
            "latest_possible": takedown.latest_possible(step) if step.state != State.DONE else None,
            "done_at": step.done_at,
            "seconds": (
                round(max(0.0, (step.done_at - withdrawal.at).total_seconds()), 3) if step.done_at else None
            ),
        }
        for step in steps
    ]


def backups_until(withdrawal: Withdrawal) -> datetime:
    """Return when the last backup that may contain the content is deleted."""
    return withdrawal.at + timedelta(days=settings.BACKUP_ROTATION_DAYS)


def remaining(withdrawal: Withdrawal) -> list[str]:
    """Return what remains after a withdrawal and why, one sentence each."""
    day = date_format(timezone.localtime(backups_until(withdrawal)), "DATE_FORMAT")
    restored = [_again(withdrawal.again_at)] if withdrawal.again_at else []
    return [
        *restored,
        *filter(None, [summarised(withdrawal.number).sentence]),
        _("The consent and this withdrawal, as proof that we asked you and that we stopped."),
        _(
            "Recordings, transcripts and drafts. They are private, and we keep them until you ask us "
            "to erase them."
        ),
        _backups(withdrawal) % {"day": day},
        _(
            "Search engines and archives: the pages now report that they have been removed; cached copies "
            "may remain until they check again."
        ),
        _(
            "Copies that others made. We cannot remove them, but we can help you write to the people "
            "who have them."
        ),
    ]


def _backups(withdrawal: Withdrawal) -> str:
    """Return what happens when a backup is restored, which depends on the ledger alone."""
    if again.is_in_ledger(withdrawal):
        return _(
            "Backups, until %(day)s. If we have to restore a backup, this withdrawal is carried out again."
        )
    return _(
        "Backups, until %(day)s. This withdrawal is not yet recorded outside the database. We keep trying, "
        "so that it is carried out again if we have to restore a backup."
    )


def _again(at: datetime) -> str:
    day = date_format(timezone.localtime(at), "DATETIME_FORMAT")
    return _("We restored a backup and carried this withdrawal out again on %(day)s.") % {"day": day}


def republications(withdrawal: Withdrawal) -> list[Republication]:
    """Return the republications of the person's story whose publishers must be told, those not told yet
    first."""
    found = Republication.objects.filter(person=withdrawal.person_id)
    return sorted(found, key=lambda republication: (republication.told_at is not None, republication.pk))


def uses_in_words(withdrawal: Withdrawal) -> str:
    """Return 'everything', or the uses that were withdrawn."""
    if not withdrawal.uses:
        return _("everything")
    return ", ".join(str(Use(use).label) for use in withdrawal.uses)


def number_of(withdrawal: Withdrawal) -> str:
    """Return the short number that people can read out on the telephone: 'W-3F2A-91C0'."""
    plain = withdrawal.number.hex[:8].upper()
    return f"W-{plain[:4]}-{plain[4:]}"


def completed_at(withdrawal: Withdrawal, decided: Summary) -> datetime | None:
    """Return when everything was removed and every passage decided; None while something is left."""
    if withdrawal.finished_at is None or decided.open:
        return None
    return max(filter(None, (withdrawal.finished_at, decided.decided_at)))


def receipt(withdrawal: Withdrawal) -> dict[str, Any]:
    """Return the whole receipt, ready for Django's JSON encoder; without a name, a title or an address."""
    found = lines(withdrawal)
    decided = summarised(withdrawal.number)
    done = [line for line in found if line["state"] == State.DONE]
    return {
        "receipt": number_of(withdrawal),
        "number": str(withdrawal.number),
        "person": withdrawal.person_id,
        "consent": withdrawal.consent_id,
        "uses": withdrawal.uses,
        "channel": withdrawal.channel,
        "at": withdrawal.at,
        "by": withdrawal.by_name,
        "finished_at": withdrawal.finished_at,
        "completed_at": completed_at(withdrawal, decided),
        "undecided": decided.as_json(),
        "items": sum(line["count"] for line in found),
        "items_removed": sum(line["count"] for line in done),
        "surfaces": found,
        "backups_until": backups_until(withdrawal),
        "remains": remaining(withdrawal),
        "republications": [
            {"place": republication.place, "url": republication.url, "told_at": republication.told_at}
            for republication in republications(withdrawal)
        ],
    }
