"""A folder in which one process makes one thing, and that does not outlive it for long.

The lock on it is the operating system's: it ends with the process, however that ends.
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
# Folders in which recordings are copied without their metadata. One that is a day old belongs to a killed process.
COPYING = ".copying-"
DAY = 24 * 3600


def place() -> Path:
    """Where the working folders lie: on the machine that cuts, beside its uploads, never public."""
    return Path(settings.VAR) / "cutting"


@contextmanager
def working_folder(name: str) -> Iterator[Path | None]:
    """An empty folder that is this process's alone; None when another process of this machine works under `name`."""
    base = place()
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


def sweep() -> int:
    """Remove what killed processes left behind. Returns how many folders that were."""
    swept = 0
    for path in place().glob(f"{PREFIX}*"):
        found = re.fullmatch(rf"{re.escape(PREFIX)}([0-9]+)", path.name.removesuffix(".lock"))
        if found is None:
            continue
        with working_folder(found[1]) as folder:
            swept += folder is not None
    for path in place().glob(f"{COPYING}*"):
        if time.time() - path.stat().st_mtime > DAY:
            shutil.rmtree(path, ignore_errors=True)
            swept += 1
    return swept


def _locked(path: Path) -> int | None:
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return None
        # Its last holder may have removed the file between our opening and our locking it.
        try:
            if os.fstat(handle).st_ino == path.stat().st_ino:
                return handle
        except FileNotFoundError:
            pass
        os.close(handle)
