"""A folder that one process works in, removed soon after the process ends.

It is locked by the operating system, so that the lock ends with the process, even when the process is killed.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

PREFIX = ".cutting-"
# Folders in which recordings are copied without their metadata. A day later they belong to a killed process.
COPYING = ".copying-"
DAY = 24 * 3600


def base_folder() -> Path:
    """Return where working folders lie: on the machine that cuts, next to its uploads, never public."""
    return Path(settings.VAR) / "cutting"


@contextmanager
def working_folder(name: str) -> Iterator[Path | None]:
    """Yield an empty folder for this process alone; None when another process on this machine works under
    `name`.
    """
    base = base_folder()
    base.mkdir(parents=True, exist_ok=True)
    lock = _locked(base / f"{PREFIX}{name}.lock")
    if lock is None:
        yield None
        return
    folder = base / f"{PREFIX}{name}"
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        (base / f"{PREFIX}{name}.lock").unlink(missing_ok=True)
        os.close(lock)


def remove_abandoned() -> int:
    """Remove the folders of killed processes, and return how many there were."""
    removed = 0
    for path in base_folder().glob(f"{PREFIX}*"):
        clip = re.fullmatch(rf"{re.escape(PREFIX)}([0-9]+)", path.name.removesuffix(".lock"))
        if clip is None:
            continue
        with working_folder(clip[1]) as folder:
            removed += folder is not None
    for path in base_folder().glob(f"{COPYING}*"):
        if time.time() - path.stat().st_mtime > DAY:
            shutil.rmtree(path, ignore_errors=True)
            removed += 1
    return removed


def _locked(path: Path) -> int | None:
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return None
        # The previous holder may have removed the file after it was opened here and before it was locked.
        try:
            if os.fstat(handle).st_ino == path.stat().st_ino:
                return handle
        except FileNotFoundError:
            pass
        os.close(handle)
