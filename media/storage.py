"""Where files lie: originals in the private storage, where no address leads; copies of what is shown in the public one.

Which storages these are the settings say (STORAGES): folders on this machine, or two buckets.
"""

from __future__ import annotations

from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils.deconstruct import deconstructible


class PrivateFiles(FileSystemStorage):
    """Originals, recordings and transcripts on this machine's disk. Views that ask who is reading hand them out."""

    def __init__(self, **options: object) -> None:
        closed: dict[str, Any] = {"directory_permissions_mode": 0o700, "file_permissions_mode": 0o600}
        super().__init__(**{**options, **closed, "base_url": "/"})

    def url(self, name: str | None) -> str:
        """'': there is none. Forms that would link to the file show its name instead."""
        return ""


@deconstructible
class StorageByName(Storage):
    """The storage that STORAGES calls `alias`, looked up at each call.

    It is written down by its name: no folder and no secret key of a bucket gets into migrations, or into the
    arguments of the tasks by which Wagtail deletes files.
    """

    def __init__(self, alias: str) -> None:
        self.alias = alias

    @property
    def storage(self) -> Storage:
        return storages[self.alias]

    def open(self, name: str, mode: str = "rb") -> File[Any]:
        return self.storage.open(name, mode)

    def save(self, name: str | None, content: IO[Any], max_length: int | None = None) -> str:
        return self.storage.save(name, content, max_length)

    def path(self, name: str) -> str:
        return self.storage.path(name)

    def delete(self, name: str) -> None:
        self.storage.delete(name)

    def exists(self, name: str) -> bool:
        return self.storage.exists(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        return self.storage.listdir(path)

    def size(self, name: str) -> int:
        return self.storage.size(name)

    def url(self, name: str | None) -> str:
        return self.storage.url(name)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return self.storage.get_available_name(name, max_length)

    def get_valid_name(self, name: str) -> str:
        return self.storage.get_valid_name(name)

    def get_accessed_time(self, name: str) -> Any:
        return self.storage.get_accessed_time(name)

    def get_created_time(self, name: str) -> Any:
        return self.storage.get_created_time(name)

    def get_modified_time(self, name: str) -> Any:
        return self.storage.get_modified_time(name)


def private_storage() -> Storage:
    """The storage of private files, as the settings name it."""
    return StorageByName("private")


def public_storage() -> Storage:
    """The storage whose files everybody may fetch who knows their address."""
    return StorageByName("default")
