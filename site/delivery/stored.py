"""Reads and writes stored pages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db import connections, router, transaction
from django.utils import timezone

from changes import log
from changes.models import Change
from changes.reader import WINDOW_SECONDS
from changes.tables import ALL_ROWS
from delivery import encodings, program
from delivery.entry import Entry
from delivery.models import ShownPage, StoredPage

# A change is given its time a moment before it is committed, so a rendering that begins in between does not
# see it though the change seems older. Of changes so near, those that the rendering could see are stored.
NEAR = WINDOW_SECONDS * 1_000_000
# Written as SQL: building this query would take longer than answering it.
_READ = """
    SELECT stored.headers, stored.body, stored.keys, stored.shows_people, stored.until, stored.version,
        stored.page_id, clearance.starts_at, clearance.ends_at
    FROM delivery_storedpage AS stored
    JOIN wagtailcore_page AS page ON page.id = stored.page_id
    LEFT JOIN publication_clearance AS clearance ON clearance.page_id = page.id
    WHERE stored.address_hash = %s AND stored.program = %s AND page.live
"""


def _hash(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()


def read(address: str) -> Entry | None:
    """Return the page stored for an address if it is current. Two queries.

    The row is found by its address together with the page and its clearance; the second query asks whether
    anything on it has changed since.
    """
    with connections[router.db_for_read(StoredPage)].cursor() as cursor:
        cursor.execute(_READ, [_hash(address), program.digest()])
        row = cursor.fetchone()
    if row is None:
        return None
    headers, body, keys, shows_people = json.loads(row[0]), bytes(row[1]), json.loads(row[2]), bool(row[3])
    version, page = row[5:7]
    until, starts_at, ends_at = _moment(row[4]), _moment(row[7]), _moment(row[8])
    now = timezone.now()
    if until is None or until <= now or (starts_at and starts_at > now) or (ends_at and ends_at <= now):
        return None
    if _has_changed(keys, version):
        return None
    entry = Entry(
        body=encodings.decompress(body),
        headers=[(name, value) for name, value in headers],
        keys=frozenset(keys),
        until=until.timestamp(),
        version=version,
        shows_people=shows_people,
        page=page,
    )
    entry._bodies[encodings.BROTLI] = body
    return entry


def _moment(value: datetime | None) -> datetime | None:
    """Return a moment as read without a model: SQLite gives it in UTC without saying so."""
    return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def _has_changed(keys: dict[str, int], version: int) -> bool:
    """Return whether anything on a page changed that its rendering did not see. One query.

    `keys`: for each key the version that the rendering could see, 0 for an older one.
    """
    near = log.versions(_asked(keys), version - NEAR)
    return any(keys.get(key, 0) != changed for key, changed in near.items())


def _asked(keys: Iterable[str]) -> set[str]:
    return {*keys, *(f"{key.partition(':')[0]}:{ALL_ROWS}" for key in keys if ":" in key)}


def write(address: str, entry: Entry) -> bool:
    """Store a page unless something on it changed while it was rendered. Return whether it was stored."""
    return write_many([(address, entry)]) == 1


def write_many(made: Iterable[tuple[str, Entry]]) -> int:
    """Store pages, but for those on which something changed since they were rendered; return how many.

    Six queries, for any number of pages.
    """
    current = _unchanged({address: entry for address, entry in made if entry.page is not None})
    if not current:
        return 0
    with transaction.atomic():
        rows = StoredPage.objects.bulk_create(
            [_row(address, entry, keys) for address, (entry, keys) in current.items()],
            update_conflicts=True,
            unique_fields=["address_hash"],
            update_fields=["page", "headers", "body", "keys", "shows_people", "until", "version", "program"],
        )
        numbers = dict(
            StoredPage.objects.filter(address_hash__in=[row.address_hash for row in rows]).values_list(
                "address_hash", "pk"
            )
        )
        _show({numbers[row.address_hash]: row.keys for row in rows})
    return len(current)


def _unchanged(made: dict[str, Entry]) -> dict[str, tuple[Entry, dict[str, int]]]:
    """Return the pages on which nothing changed unseen by their rendering, with their keys: one query."""
    found = {}
    for address, entry in made.items():
        near = entry.version - NEAR
        keys = {key: seen if (seen := entry.known.get(key, 0)) > near else 0 for key in sorted(entry.keys)}
        found[address] = (entry, keys)
    if not found:
        return {}
    asked = {address: _asked(keys) for address, (_entry, keys) in found.items()}
    oldest = min(entry.version for entry, _keys in found.values()) - NEAR
    changed = log.versions(set().union(*asked.values()), oldest)
    return {
        address: (entry, keys)
        for address, (entry, keys) in found.items()
        if not any(
            version >= entry.version - NEAR and keys.get(key, 0) != version
            for key, version in changed.items()
            if key in asked[address]
        )
    }


def _row(address: str, entry: Entry, keys: dict[str, int]) -> StoredPage:
    assert entry.page is not None
    return StoredPage(
        address_hash=_hash(address),
        page_id=entry.page,
        headers=entry.headers,
        body=entry.in_encoding(encodings.BROTLI),
        keys=keys,
        shows_people=entry.shows_people,
        until=datetime.fromtimestamp(entry.until, UTC),
        version=entry.version,
        program=program.digest(),
    )


def _show(keys: dict[int, dict[str, int]]) -> None:
    """Store which pages are shown on stored pages, by the keys of each."""
    wanted = {
        (stored, int(key.removeprefix("page:")))
        for stored, own in keys.items()
        for key in own
        if key.startswith("page:")
    }
    rows = ShownPage.objects.filter(stored__in=list(keys)).values_list("pk", "stored", "page_number")
    known = {(stored, page): pk for pk, stored, page in rows}
    if outdated := [pk for pair, pk in known.items() if pair not in wanted]:
        ShownPage.objects.filter(pk__in=outdated).delete()
    ShownPage.objects.bulk_create(
        [ShownPage(stored_id=stored, page_number=page) for stored, page in sorted(wanted - known.keys())],
        ignore_conflicts=True,
    )


def showing(pages: Iterable[int], before: int | None = None) -> Any:
    """Return the stored pages that show something of these pages; with `before`, those made earlier."""
    found = StoredPage.objects.filter(shown_pages__page_number__in=list(pages)).distinct()
    return found if before is None else found.filter(version__lt=before)


def remove_showing(pages: Iterable[int], before: int | None = None) -> int:
    """Delete every stored page that shows something of these pages; return how many."""
    return delete(showing(pages, before).values_list("pk", flat=True))


def remove_all() -> None:
    """Delete every stored page: an older database was restored, and they are as old as it is."""
    ShownPage.objects.all().delete()
    StoredPage.objects.all().delete()


def remove_outdated() -> int:
    """Delete the stored pages that show something as it was before a change; return how many.

    They are never sent, but they hold the words until they are made again. Reads the whole table, so that it
    is for erasures.
    """
    changed = dict(Change.objects.values_list("key", "version"))
    outdated = []
    for row, keys, version in StoredPage.objects.values_list("pk", "keys", "version").iterator():
        asked = {*keys, *(f"{key.partition(':')[0]}:{ALL_ROWS}" for key in keys if ":" in key)}
        near = {key: at for key in asked if (at := changed.get(key, 0)) >= version - NEAR}
        if any(keys.get(key, 0) != at for key, at in near.items()):
            outdated.append(row)
    return sum(delete(outdated[start : start + 500]) for start in range(0, len(outdated), 500))


def delete(rows: Iterable[int]) -> int:
    """Delete stored pages by their keys; return how many."""
    numbers = list(rows)
    if numbers:
        ShownPage.objects.filter(stored__in=numbers).delete()
        StoredPage.objects.filter(pk__in=numbers).delete()
    return len(numbers)
