"""Which editors have the workbench open, and what they changed. Browsers poll every three seconds."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, Max
from django.utils import timezone

from interviews.models import Excerpt, Interview, Presence
from interviews.workbench import serialise

HERE_FOR = dt.timedelta(seconds=12)  # four missed polls
_REFRESHED_AFTER = dt.timedelta(seconds=5)
# A change has its time stamp before it is committed, so look back a little; browsers ignore what they know.
_OVERLAP = dt.timedelta(seconds=5)


def report(
    interview: Interview, user: User, open_excerpt: int | None, since: dt.datetime | None
) -> dict[str, Any]:
    """Record that `user` is editing `open_excerpt`, and return what has changed since `now` of the last
    answer.
    """
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
    """Record the presence, but only if something changed: most polls write nothing."""
    known = interview.presences.filter(user=user).first()
    if known and known.excerpt_id == open_excerpt and known.seen_at > now - _REFRESHED_AFTER:
        return
    excerpt = Excerpt.objects.filter(interview=interview, pk=open_excerpt).first() if open_excerpt else None
    Presence.objects.update_or_create(interview=interview, user=user, defaults={"excerpt": excerpt})


def decided(interview: Interview) -> str:
    """Return a stamp that changes whenever a decision is made or undone."""
    stamps = []
    for decisions in (interview.identifier_decisions, interview.condition_decisions):
        known = decisions.aggregate(count=Count("pk"), last=Max("decided_at"))
        stamps.append(f"{known['count']}@{known['last'].isoformat() if known['last'] else ''}")
    return " ".join(stamps)


def imported(interview: Interview) -> str:
    """Return a stamp of the transcript. If it changes, the offsets that a browser has are no longer valid."""
    transcript = getattr(interview, "transcript", None)
    return transcript.imported_at.isoformat() if transcript else ""
