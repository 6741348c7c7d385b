"""The audit trail: one chain of entries, each sealed with the one before it.

The seal is an HMAC with a key of the site (not a plain hash): who can write to the database alone can neither alter,
remove nor add an entry without `broken()` showing it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from audit.actors import Actor
from audit.models import AuditEntry

FIRST = "0" * 64


def record(
    *,
    by: Actor,
    action: str,
    thing: Any = None,
    person: int | None = None,
    details: dict[str, Any] | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> AuditEntry:
    """Write one entry. `thing`: a model instance, or words; `details`: no personal data, names of fields at most."""
    name = (
        thing
        if isinstance(thing, str)
        else f"{thing._meta.label_lower}:{thing.pk}"
        if thing is not None
        else ""
    )
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:  # one writer at a time: a chain has one end
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [0x61756469])
        last = AuditEntry.objects.order_by("-pk").first()
        entry = AuditEntry(
            at=at or timezone.now(),
            actor_kind=by.kind,
            actor=by.name,
            user=by.user,
            action=action,
            thing=name,
            person_number=person,
            details=json.loads(json.dumps(details or {}, cls=DjangoJSONEncoder)),
            reason=reason,
            # The chain holds without the words, which an erasure takes away.
            reason_hash=fingerprint("audit reason", reason) if reason else "",
            previous_hash=last.entry_hash if last else FIRST,
        )
        entry.entry_hash = seal(entry)
        entry.save(force_insert=True)
    return entry


def _keyed(purpose: str, text: str) -> str:
    return salted_hmac(
        purpose, text, secret=settings.RECORDS_KEY or settings.SECRET_KEY, algorithm="sha256"
    ).hexdigest()


def seal(entry: AuditEntry) -> str:
    """The seal of an entry over its content and the seal of the one before."""
    content = [
        entry.at.astimezone(timezone.get_default_timezone()).isoformat(),
        entry.actor_kind,
        entry.actor,
        entry.action,
        entry.thing,
        entry.person_number,
        entry.details,
        entry.reason_hash,
        entry.previous_hash,
    ]
    return _keyed("audit.trail", json.dumps(content, sort_keys=True))


def broken() -> Iterator[str]:
    """What is wrong with the chain, a line each: an altered entry, a removed one. Nothing where all is well."""
    previous = FIRST
    erased = set(AuditEntry.objects.filter(action="person.erased").values_list("person_number", flat=True))
    for entry in AuditEntry.objects.order_by("pk").iterator():
        if entry.previous_hash != previous:
            yield f"before entry {entry.pk}: an entry is missing or was put in"
        said = fingerprint("audit reason", entry.reason) if entry.reason else ""
        # Only an erasure takes words away.
        said_otherwise = said != entry.reason_hash and (said or entry.person_number not in erased)
        if seal(entry) != entry.entry_hash or said_otherwise:
            yield f"entry {entry.pk}: it was altered"
        previous = entry.entry_hash


def fingerprint(*parts: str) -> str:
    """A keyed hash of what must be recognised but not kept in words."""
    return _keyed("people.fingerprint", "\0".join(parts))


__all__ = ["FIRST", "broken", "fingerprint", "record", "seal"]
