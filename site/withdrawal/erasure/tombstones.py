"""Tombstones: erased content must not come back, neither by a new import nor from an older backup.

A tombstone is a keyed hash by which erased content would be recognised. Tombstones are stored in the database
and, since a restored backup brings an older database, line by line in a file (ERASURES_FILE). That file must
not be part of a backup that is restored with the database (docs/consent.md).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.trail import fingerprint
from withdrawal.models import Tombstone


def mark(kind: str, *parts: str) -> str:
    """Return the keyed hash for erased content of a kind."""
    return fingerprint("tombstone", kind, *parts)


def digest(file: Any) -> str:
    """Return the SHA-256 of a file's content, which recognises an erased file under any name."""
    file.seek(0)
    found = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return found


def put(marks: Iterable[tuple[str, str]]) -> None:
    """Store tombstones, as (kind, keyed hash), in the database.

    `write_file` adds them to the file after the commit.
    """
    Tombstone.objects.bulk_create(
        [Tombstone(kind=kind, key_hash=key) for kind, key in dict.fromkeys(marks)], ignore_conflicts=True
    )


def exists(kind: str, *parts: str) -> bool:
    """Return True if there is a tombstone for this content."""
    return Tombstone.objects.filter(kind=kind, key_hash=mark(kind, *parts)).exists()


def write_file() -> int:
    """Append the tombstones that the file lacks, and force them to the disk.

    Return how many lines were added.
    """
    known = set(in_file())
    stored = Tombstone.objects.order_by("pk").values_list("kind", "key_hash")
    new = [tombstone for tombstone in stored if tombstone not in known]
    if new:
        path = Path(settings.ERASURES_FILE)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            for kind, key in new:
                line = {"kind": kind, "hash": key, "written": timezone.now().isoformat()}
                file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())
    return len(new)


def in_file() -> Iterator[tuple[str, str]]:
    """Yield the tombstones in the file. A line that was cut off by a crash is skipped."""
    try:
        lines = Path(settings.ERASURES_FILE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        try:
            read = json.loads(line)
            yield str(read["kind"]), str(read["hash"])
        except (ValueError, KeyError, TypeError):
            continue


def refuse_erased(file: File[Any]) -> None:
    """Raise ValidationError for an uploaded file that was erased at a person's request."""
    if Tombstone.objects.filter(kind="file").exists() and exists("file", digest(file)):
        raise ValidationError(
            _(
                "This file was erased because a person in it asked for that. It cannot be uploaded again. "
                "Ask a consent officer."
            ),
            code="erased",
        )
