"""Reads and cleans documents in a process of its own: a hostile file can neither take the memory or the time
of the process that serves pages, nor end it.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path

from documents import kinds
from documents.cleaning.copies import Copy, NotCleanable
from documents.contents import Contents, Text, Unread
from documents.reading import files

logger = logging.getLogger(__name__)

# Seconds of processor time. The clock may run longer on a busy machine.
READ_SECONDS, CLEAN_SECONDS, PATIENCE = 4.0, 4.0, 90
SMALL_TEXT = 2 * 1024 * 1024  # bytes of plain text that are read without another process


def read(data: bytes, *, seconds: float = READ_SECONDS) -> Contents:
    """Return everything found in a document, and what could not be read. Does not raise for any content."""
    if len(data) <= SMALL_TEXT and kinds.kind_of(data) == "text":
        return files.read(data)
    out, code = _run(data, "read", str(seconds))
    found, ended = Contents(), False
    for line in out.splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            # The process was ended in the middle of a line.
            break
        if row[0] == "text":
            found.texts.append(Text(_place(row[1]), row[2]))
        elif row[0] == "unread":
            found.unread.append(Unread(_place(row[1]), row[2]))
        else:
            ended = True
    if not ended:
        found.unread.append(Unread((), _why(code)))
    return found


def clean(data: bytes, title: str = "", *, seconds: float = CLEAN_SECONDS) -> Copy:
    """Return a clean copy. Raises NotCleanable for a document that cannot be cleaned, whatever is in it."""
    if kinds.kind_of(data) == "text":
        return Copy(title, content=data)
    out, code = _run(data, "clean", str(seconds), title[:300].replace("\0", ""))
    line, _parted, content = out.partition(b"\n")
    try:
        told = json.loads(line)
    except ValueError:
        told = None
    if code or not isinstance(told, dict) or "refused" in told:
        raise NotCleanable(told["refused"] if isinstance(told, dict) and "refused" in told else _why(code))
    copy = Copy(title, content=content)
    copy.removed.update(told["removed"])
    return copy


def _place(raw: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((kind, name) for kind, name in raw)


def _why(code: int) -> str:
    if code in {-signal.SIGXCPU, -signal.SIGKILL}:
        return "late"
    return "memory" if code else "damaged"


def _run(data: bytes, *arguments: str) -> tuple[bytes, int]:
    """Run the worker on a document; return what it printed, and its status."""
    environment = {
        "PYTHONPATH": str(Path(__file__).resolve().parents[1]), "PATH": os.environ.get("PATH", ""),
        "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8",
    }  # fmt: skip
    command = [sys.executable, "-P", "-m", "documents.worker", *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - our own program; the document is only its input
            command, input=data, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            timeout=PATIENCE, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as late:
        return late.stdout or b"", -signal.SIGKILL
    if done.returncode:
        logger.warning("The reader of documents ended with status %s.", done.returncode)
    return done.stdout, done.returncode
