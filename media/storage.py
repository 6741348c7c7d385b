"""Where files lie: public ones under MEDIA_URL, private ones where no address leads."""

from __future__ import annotations

from typing import Any

from django.core.files.storage import FileSystemStorage, Storage, storages


class PrivateFiles(FileSystemStorage):
    """Originals, recordings and transcripts on this machine's disk. Views that ask who is reading hand them out."""

    def __init__(self, **options: object) -> None:
        closed: dict[str, Any] = {"directory_permissions_mode": 0o700, "file_permissions_mode": 0o600}
        super().__init__(**{**options, **closed, "base_url": "/"})

    def url(self, name: str | None) -> str:
        """'': there is none. Forms that would link to the file show its name instead."""
        return ""


def private_storage() -> Storage:
    """The storage of private files, as the settings name it."""
    return storages["private"]
