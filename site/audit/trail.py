"""The audit trail: one chain of entries, each sealed with the one before it.

The seal is an HMAC with a key of the site, not a plain hash: a person who can only write to the database
cannot alter, remove or add an entry without `broken()` reporting it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
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
    """Write and return one entry.

    `thing`: a model instance or text; `details`: no personal data, at most field names.
    """
    noted = Noted(action, thing, person, details or {}, reason)
    return record_all(by=by, entries=[noted], at=at)[0]


@dataclass(frozen=True)
class Noted:
    """What an entry says besides its actor and moment; see `record`."""

    action: str
    thing: Any = None
    person: int | None = None
    details: dict[str, Any] = field(default_factory=dict)
    reason: str = ""


def record_all(*, by: Actor, entries: Sequence[Noted], at: datetime | None = None) -> list[AuditEntry]:
    """Write and return several entries of one actor, in their order. Two queries."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:  # one writer at a time, so that the chain stays a single line
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [0x61756469])
        last = AuditEntry.objects.order_by("-pk").first()
        seals, written = last.entry_hash if last else FIRST, []
        for noted in entries:
            entry = _entry(noted, by, at or timezone.now(), seals)
            seals = entry.entry_hash
            written.append(entry)
        # Keys are given in the order of the list, which is the order of the chain.
        return AuditEntry.objects.bulk_create(written)


def _entry(noted: Noted, by: Actor, at: datetime, previous: str) -> AuditEntry:
    entry = AuditEntry(
        at=at,
        actor_kind=by.kind,
        actor=by.name,
        user=by.user,
        action=noted.action,
        thing=_name_of(noted.thing),
        person_number=noted.person,
        details=json.loads(json.dumps(noted.details, cls=DjangoJSONEncoder)),
        reason=noted.reason,
        # The chain stays valid without the text, which an erasure removes.
        reason_hash=fingerprint("audit reason", noted.reason) if noted.reason else "",
        previous_hash=previous,
    )
    entry.entry_hash = seal(entry)
    return entry


def _name_of(thing: Any) -> str:
    if thing is None or isinstance(thing, str):
        return thing or ""
    return f"{thing._meta.label_lower}:{thing.pk}"


def _keyed(purpose: str, text: str) -> str:
    return salted_hmac(
        purpose, text, secret=settings.RECORDS_KEY or settings.SECRET_KEY, algorithm="sha256"
    ).hexdigest()


def seal(entry: AuditEntry) -> str:
    """Return the seal of an entry, over its content and the seal of the previous entry."""
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
    """Yield a line for each altered or removed entry; none if the chain is intact."""
    previous = FIRST
    erased = set(AuditEntry.objects.filter(action="person.erased").values_list("person_number", flat=True))
    for entry in AuditEntry.objects.order_by("pk").iterator():
        if entry.previous_hash != previous:
            yield f"before entry {entry.pk}: an entry was removed or inserted"
        reason_hash = fingerprint("audit reason", entry.reason) if entry.reason else ""
        # Only an erasure removes a reason.
        is_altered = reason_hash != entry.reason_hash and (reason_hash or entry.person_number not in erased)
        if seal(entry) != entry.entry_hash or is_altered:
            yield f"entry {entry.pk}: the entry was altered"
        previous = entry.entry_hash


def fingerprint(*parts: str) -> str:
    """Return a keyed hash of text that must be recognised later but must not be stored."""
    return _keyed("people.fingerprint", "\0".join(parts))


__all__ = ["FIRST", "Noted", "broken", "fingerprint", "record", "record_all", "seal"]
