"""The receipt of a withdrawal: what was taken down, when, what remains and why. As plain data, without a name."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from consent.models import Republication
from consent.uses import Use
from withdrawal import surfaces, takedown
from withdrawal.models import TakedownStep, Withdrawal

State = TakedownStep.State


def label_of(surface: str) -> str:
    """What people read; a surface that is no longer known is called by its name."""
    try:
        return str(surfaces.get(surface).label)
    except KeyError:
        return surface


def lines(withdrawal: Withdrawal) -> list[dict[str, Any]]:
    """One dict for each surface that showed anything, in the order in which they come down.

    Keys: surface, label, count, state, state_label, tries, error, next_try_at, latest_possible (None: until it is
    mended), done_at, seconds (from the withdrawal until it was checked; None while it is not).
    """
    order = {surface.name: place for place, surface in enumerate(surfaces.registered())}
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
    """When the last backup that may hold it is thrown away."""
    return withdrawal.at + timedelta(days=settings.BACKUP_ROTATION_DAYS)


def remaining(withdrawal: Withdrawal) -> list[str]:
    """What is still there after a withdrawal, and why: one sentence each."""
    day = date_format(timezone.localtime(backups_until(withdrawal)), "DATE_FORMAT")
    return [
        _("The consent and this withdrawal: proof that we asked, and that we stopped."),
        _("Recordings, transcripts and drafts: private, until you ask us to erase them."),
        _("Backups: until %(day)s. A backup that is restored is taken through this withdrawal again.")
        % {"day": day},
        _(
            "Search engines and archives: we have told them by the answer at each address that it is gone. Until they "
            "ask again they may show their copies."
        ),
        _("Copies that others made: out of our reach. We help you to write to them."),
    ]


def republications(withdrawal: Withdrawal) -> list[Republication]:
    """Places that took it up and have to be told, those not told yet first."""
    places = Republication.objects.filter(person=withdrawal.person_id)
    return sorted(places, key=lambda one: (one.told_at is not None, one.pk))


def uses_in_words(withdrawal: Withdrawal) -> str:
    """'everything', or the uses that were taken back."""
    if not withdrawal.uses:
        return _("everything")
    return ", ".join(str(Use(use).label) for use in withdrawal.uses)


def number_of(withdrawal: Withdrawal) -> str:
    """What people read out on the telephone: 'W-3F2A-91C0'."""
    plain = withdrawal.number.hex[:8].upper()
    return f"W-{plain[:4]}-{plain[4:]}"


def receipt(withdrawal: Withdrawal) -> dict[str, Any]:
    """Everything, JSON-ready with Django's encoder; without a name, a title or an address."""
    found = lines(withdrawal)
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
        "things": sum(line["count"] for line in found),
        "things_down": sum(line["count"] for line in done),
        "surfaces": found,
        "backups_until": backups_until(withdrawal),
        "remains": remaining(withdrawal),
        "republications": [
            {"place": one.place, "url": one.url, "told_at": one.told_at} for one in republications(withdrawal)
        ],
    }
