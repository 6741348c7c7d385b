"""Static files: how they are compressed, and whether they have to be collected again."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Names that carry a hash, gzip and, where STATIC_BROTLI is on, brotli.

    Brotli saves a sixth of the bytes and triples the time to collect, so the demo goes without.
    """

    def create_compressor(self, **kwargs: Any) -> Compressor:
        return Compressor(use_brotli=settings.STATIC_BROTLI, **kwargs)


def fingerprint() -> str:
    """Return a digest of all static files (path, size, time of change) and of their settings."""
    digest = hashlib.sha256(repr((settings.STORAGES["staticfiles"], settings.STATIC_BROTLI)).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def stamp() -> Path:
    """Return the file with the fingerprint of the last collection: next to the collected files, not among
    them.
    """
    return Path(settings.STATIC_ROOT).with_suffix(".stamp")


def is_collected() -> bool:
    """Whether STATIC_ROOT contains what would be collected now."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    return manifest.exists() and stamp().exists() and stamp().read_text() == fingerprint()


def mark_collected() -> None:
    stamp().write_text(fingerprint())


def reread() -> None:
    """Read the list of collected files again: another process may have collected since it was read."""
    storage: Any = staticfiles_storage
    if hasattr(storage, "load_manifest"):
        storage.hashed_files, storage.manifest_hash = storage.load_manifest()
