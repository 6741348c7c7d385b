"""Uploads between 'look' and 'import': kept privately for a day at most, so that no editor chooses a file
twice.

    pending_uploads.keep(request, interview, [(data, "talk.vtt")])
    pending = pending_uploads.load(request, interview)    # None where nothing is kept
    pending_uploads.forget(request, interview)

Each editor has one upload for each object; the next one replaces it.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone

from uploads.file_names import safe_name

FOLDER = "imports"
KEPT = timedelta(days=1)


@dataclass(frozen=True)
class PendingUpload:
    """Files that are uploaded and not imported yet. `token` names this upload: a second tab cannot import
    another one.
    """

    token: str
    files: list[tuple[bytes, str]]

    @property
    def names(self) -> str:
        return ", ".join(name for _data, name in self.files)


def _key(owner: Model) -> str:
    return f"pending-upload-{owner._meta.label_lower}-{owner.pk}"


def keep(request: HttpRequest, owner: Model, files: Sequence[tuple[bytes, str]]) -> str:
    """Keep `files` (content, name) for this editor and `owner`, instead of those kept before. Return their
    token.
    """
    forget(request, owner)
    sweep()
    token = secrets.token_urlsafe(12)
    stored = []
    for number, (data, name) in enumerate(files, 1):
        path = f"{FOLDER}/{timezone.localdate():%Y-%m-%d}/{token}-{number}-{safe_name(name, 'upload')}"
        stored.append((storages["private"].save(path, ContentFile(data)), name))
    request.session[_key(owner)] = {"token": token, "files": stored}
    return token


def load(request: HttpRequest, owner: Model) -> PendingUpload | None:
    """Return what this editor uploaded for `owner`; None where there is nothing, or it is gone."""
    kept: dict[str, Any] | None = request.session.get(_key(owner))
    if not kept:
        return None
    files = []
    for path, name in kept["files"]:
        try:
            with storages["private"].open(path) as file:
                files.append((file.read(), name))
        except OSError:
            forget(request, owner)
            return None
    return PendingUpload(kept["token"], files)


def forget(request: HttpRequest, owner: Model) -> None:
    """Delete what was kept."""
    for path, _name in (request.session.pop(_key(owner), None) or {}).get("files", []):
        storages["private"].delete(path)


def sweep() -> None:
    """Delete uploads that no one has imported since yesterday."""
    storage = storages["private"]
    try:
        days, _files = storage.listdir(FOLDER)
    except OSError:
        return
    for day in days:
        if _is_old(day):
            for name in storage.listdir(f"{FOLDER}/{day}")[1]:
                storage.delete(f"{FOLDER}/{day}/{name}")
            with contextlib.suppress(OSError):
                storage.delete(f"{FOLDER}/{day}")


def _is_old(day: str) -> bool:
    try:
        return date.fromisoformat(day) < timezone.localdate() - KEPT
    except ValueError:
        return False
