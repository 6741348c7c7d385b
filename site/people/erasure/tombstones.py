"""What was erased must not come back: not by a new import, nor from a backup that is older than the erasure.

A tombstone is a keyed hash of something by which the erased thing would be recognised. Tombstones stand in the database
and, since a restored backup brings an older database, line by line in a file beside it (ERASURES_FILE), which belongs to
no backup that is restored with it (docs/consent.md).
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

from media.validation.upload_checks import upload_checks
from people.audit import fingerprint
from people.models import Tombstone


def mark(kind: str, *parts: str) -> str:
    """The keyed hash for a thing of a kind."""
    return fingerprint("tombstone", kind, *parts)


def digest(file: Any) -> str:
    """SHA-256 of a file's content: a file that was erased is recognised by it under any name."""
    file.seek(0)
    found = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return found


def put(marks: Iterable[tuple[str, str]]) -> None:
    """Keep tombstones: (kind, keyed hash) each. In the database now; in the file by `write_file`, after the commit."""
    Tombstone.objects.bulk_create(
        [Tombstone(kind=kind, key_hash=key) for kind, key in dict.fromkeys(marks)], ignore_conflicts=True
    )


def stands(kind: str, *parts: str) -> bool:
    """Whether a thing was erased before."""
    return Tombstone.objects.filter(kind=kind, key_hash=mark(kind, *parts)).exists()


def write_file() -> int:
    """Bring the file up to the database. Returns how many lines were added. Appends only, and forces them to the disk."""
    known = set(in_file())
    new = [
        one for one in Tombstone.objects.order_by("pk").values_list("kind", "key_hash") if one not in known
    ]
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
    """What the file says; a line that was cut off by a crash is passed over."""
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
    """For uploads: raise ValidationError for a file that was erased for somebody."""
    if Tombstone.objects.filter(kind="file").exists() and stands("file", digest(file)):
        raise ValidationError(
            _(
                "This file was erased because somebody in it asked for that. It cannot be taken in again; a consent "
                "officer can say more."
            ),
            code="erased",
        )


upload_checks.append(refuse_erased)
