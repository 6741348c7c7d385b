"""Records in the audit trail who was given which private recording, and when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from audit import trail
from audit.actors import Actor
from audit.models import AuditEntry
from media.models import Recording

# A player requests a recording in many parts: the requests of one user within this time count as one access.
ONE_ACCESS = timedelta(minutes=5)
ACTION = "recording.read"


def record_access(*, user: Any, file: Any, person: int | None = None) -> None:
    """Record that `user` was given a recording or a part of it, once for each access."""
    by = Actor.of(user)
    name = f"{file._meta.label_lower}:{file.pk}"
    since = timezone.now() - ONE_ACCESS
    if not AuditEntry.objects.filter(action=ACTION, thing=name, actor=by.name, at__gt=since).exists():
        trail.record(by=by, action=ACTION, thing=file, person=person)


def private_file_was_read(*, user: Any, item: Any, **_kwargs: object) -> None:
    """Record that a user was given a private recording."""
    if isinstance(item, Recording):
        shown = item.depictions.values_list("person", flat=True).first()
        record_access(user=user, file=item, person=shown)
