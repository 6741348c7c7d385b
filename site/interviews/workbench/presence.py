"""Who else is in the workbench, and what they changed. Browsers ask every three seconds; nothing is held open."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, Max
from django.utils import timezone

from interviews.models import Excerpt, Interview, Presence
from interviews.workbench import serialise

HERE_FOR = dt.timedelta(seconds=12)  # four polls missed: gone
_REFRESHED_AFTER = dt.timedelta(seconds=5)
# A change is stamped before it is committed: look back a little, browsers drop what they know.
_OVERLAP = dt.timedelta(seconds=5)


def report(
    interview: Interview, user: User, open_excerpt: int | None, since: dt.datetime | None
) -> dict[str, Any]:
    """Say that `user` is here with `open_excerpt` in hand, and what happened since the last answer's `now`."""
    now = timezone.now()
    _note(interview, user, open_excerpt, now)
    others = (
        interview.presences.filter(seen_at__gte=now - HERE_FOR)
        .exclude(user=user)
        .select_related("user")
        .order_by("user")
    )
    changed = (
        interview.excerpts.filter(updated_at__gte=since - _OVERLAP) if since else interview.excerpts.none()
    )
    return {
        "now": now.isoformat(),
        "here": [{**(serialise.person(one.user) or {}), "excerpt": one.excerpt_id} for one in others],
        "changed": serialise.excerpts(serialise.with_all(changed)),
        "decided": decided(interview),
        "imported": imported(interview),
        "state": interview.state,
    }


def _note(interview: Interview, user: User, open_excerpt: int | None, now: dt.datetime) -> None:
    """Written only when it tells something new: a poll is mostly a read."""
    known = interview.presences.filter(user=user).first()
    if known and known.excerpt_id == open_excerpt and known.seen_at > now - _REFRESHED_AFTER:
        return
    excerpt = Excerpt.objects.filter(interview=interview, pk=open_excerpt).first() if open_excerpt else None
    Presence.objects.update_or_create(interview=interview, user=user, defaults={"excerpt": excerpt})


def decided(interview: Interview) -> str:
    """A stamp that changes with any decision made or taken back."""
    stamps = []
    for rows in (interview.identifier_decisions, interview.condition_decisions):
        of = rows.aggregate(count=Count("pk"), last=Max("decided_at"))
        stamps.append(f"{of['count']}@{of['last'].isoformat() if of['last'] else ''}")
    return " ".join(stamps)


def imported(interview: Interview) -> str:
    """A stamp of the transcript: with another one, offsets that a browser holds mean nothing."""
    transcript = getattr(interview, "transcript", None)
    return transcript.imported_at.isoformat() if transcript else ""
