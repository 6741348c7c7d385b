from __future__ import annotations

from typing import Any

from django.core.files.base import File
from django.db.models.fields.files import FieldFile


def not_yet_stored(field_file: FieldFile) -> File[Any] | None:
    """The file that was put into a model's field and is not in the storage yet: the one to be judged."""
    if not field_file or getattr(field_file, "_committed", True):
        return None
    return field_file.file


def rename(field_file: FieldFile, suffix: str) -> None:
    """Give a file that is not stored yet the ending that its content calls for."""
    stem = (field_file.name or "").replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    field_file.name = f"{stem}{suffix}"
