"""Where files lie: originals in the private storage, which has no addresses; copies in the public storage.

The settings say which storages these are (STORAGES): folders on this machine, or two buckets.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextvars import ContextVar
from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils.deconstruct import deconstructible

logger = logging.getLogger(__name__)


# While a change may still be refused: the private files (storage, name) to delete once it is accepted.
postponed_deletions: ContextVar[list[tuple[Storage, str]] | None] = ContextVar("postponed", default=None)


class PrivateFiles(FileSystemStorage):
    """Originals, recordings and transcripts on this machine's disk, served by views that check who is
    reading.
    """

    def __init__(self, **options: object) -> None:
        closed: dict[str, Any] = {"directory_permissions_mode": 0o700, "file_permissions_mode": 0o600}
        super().__init__(**{**options, **closed, "base_url": "/"})

    def url(self, _name: str | None) -> str:
        """Return '': a private file has no address. Forms show its name instead of a link."""
        return ""


@deconstructible
class StorageByName(Storage):
    """The storage that STORAGES calls `alias`, looked up at each call.

    Migrations, and the arguments of the tasks by which Wagtail deletes files, hold only the alias: no folder
    and no secret key of a bucket gets into them.
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
        postponed = postponed_deletions.get() if self.alias == "private" else None
        if postponed is None:
            self.storage.delete(name)
        else:
            postponed.append((self.storage, name))

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
    """Return the storage of private files, as the settings name it."""
    return StorageByName("private")


def public_storage() -> Storage:
    """Return the storage of public files: anyone who knows the address of a file may fetch it."""
    return StorageByName("default")


def files_below(storage: Storage, folder: str) -> Iterator[str]:
    """Yield the names of all files in `folder` ('' for the whole storage) and below it."""
    try:
        folders, files = storage.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return
    above = f"{folder}/" if folder else ""
    yield from (f"{above}{name}" for name in sorted(files) if name)
    for inner in sorted(folders):
        if inner:
            yield from files_below(storage, f"{above}{inner}")


def delete_empty_folder(storage: Storage, folder: str) -> None:
    """Delete `folder` unless files lie in it."""
    try:
        storage.delete(folder)
    except OSError:
        # Another process still writes there. The database does not name its file, and it deletes the file
        # itself.
        logger.info("The folder %s is not empty yet.", folder)
