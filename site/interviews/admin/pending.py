"""Transcripts between 'upload' and 'import': kept privately for a day at most, so that nobody chooses a file
twice.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.http import HttpRequest
from django.utils import timezone

from interviews.models import Interview
from media.file_names import safe_name
from media.storage import private_storage

FOLDER = "imports"
KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Pending:
    """Uploaded files, not imported yet.

    `token` names this very upload: a second tab cannot import another one.
    """

    token: str
    files: list[tuple[bytes, str]]

    @property
    def names(self) -> str:
        return ", ".join(name for _data, name in self.files)


def _key(interview: Interview) -> str:
    return f"interview-import-{interview.pk}"


def keep(request: HttpRequest, interview: Interview, files: Sequence[tuple[bytes, str]]) -> str:
    """Keep `files` for this editor and interview instead of what was kept before. Returns their token."""
    forget(request, interview)
    sweep()
    token = secrets.token_urlsafe(12)
    stored = []
    for number, (data, name) in enumerate(files, 1):
        path = f"{FOLDER}/{timezone.localdate():%Y-%m-%d}/{token}-{number}-{safe_name(name, 'transcript')}"
        stored.append((private_storage().save(path, ContentFile(data)), name))
    request.session[_key(interview)] = {"token": token, "files": stored}
    return token


def load(request: HttpRequest, interview: Interview) -> Pending | None:
    """What this editor uploaded for `interview`; None where there is nothing, or it is gone."""
    kept: dict[str, Any] | None = request.session.get(_key(interview))
    if not kept:
        return None
    files = []
    for path, name in kept["files"]:
        try:
            with private_storage().open(path) as file:
                files.append((file.read(), name))
        except OSError:
            forget(request, interview)
            return None
    return Pending(kept["token"], files)


def forget(request: HttpRequest, interview: Interview) -> None:
    """Delete what was kept."""
    for path, _name in (request.session.pop(_key(interview), None) or {}).get("files", []):
        private_storage().delete(path)


def sweep() -> None:
    """Delete uploads that nobody imported since yesterday."""
    storage = private_storage()
    try:
        days, _files = storage.listdir(FOLDER)
    except OSError:
        return
    for day in days:
        try:
            old = date.fromisoformat(day) < timezone.localdate() - KEPT
        except ValueError:
            continue
        if old:
            for name in storage.listdir(f"{FOLDER}/{day}")[1]:
                storage.delete(f"{FOLDER}/{day}/{name}")
            with contextlib.suppress(OSError):
                storage.delete(f"{FOLDER}/{day}")
