from __future__ import annotations

from typing import Any

from django.core.files.base import File
from django.db.models.fields.files import FieldFile


def not_yet_stored(field_file: FieldFile) -> File[Any] | None:
    """Return the file in a model's field that is not in the storage yet and has to be checked; None if
    stored.
    """
    if not field_file or getattr(field_file, "_committed", True):
        return None
    return field_file.file


def rename(field_file: FieldFile, suffix: str) -> None:
    """Give a file that is not stored yet the suffix that fits its content."""
    stem = (field_file.name or "").replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    field_file.name = f"{stem}{suffix}"
