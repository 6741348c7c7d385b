"""Every reading of somebody's private recording is written down: who, when, what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from audit import trail
from audit.actors import Actor
from audit.models import AuditEntry
from media.models import Recording

# A player asks for a recording in many parts: what one user reads of one thing within this time is one reading.
ONE_READING = timedelta(minutes=5)
ACTION = "recording.read"


def note_reading(*, user: Any, thing: Any, person: int | None = None) -> None:
    """Write down that `user` was handed a recording or a part of it, once a reading."""
    by = Actor.of(user)
    name = f"{thing._meta.label_lower}:{thing.pk}"
    since = timezone.now() - ONE_READING
    if not AuditEntry.objects.filter(action=ACTION, thing=name, actor=by.name, at__gt=since).exists():
        trail.record(by=by, action=ACTION, thing=thing, person=person)


def private_file_was_read(*, user: Any, item: Any, **_kwargs: Any) -> None:
    """Record that a user was given a private recording."""
    if isinstance(item, Recording):
        shown = item.depictions.values_list("person", flat=True).first()
        note_reading(user=user, thing=item, person=shown)
