"""Reads or cleans one document in a process of its own, with limits that the operating system keeps.

    python -m documents.worker read SECONDS < document > what was found, one JSON array a line
    python -m documents.worker clean SECONDS TITLE < document > one line of JSON, then the clean copy

`documents.sandbox` starts it.
"""

from __future__ import annotations

import contextlib
import json
import resource
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

from documents.cleaning import files as cleaning
from documents.cleaning.copies import NotCleanable
from documents.contents import Contents, Text, Unread
from documents.reading import files as reading

# Bytes that a document may need in addition to the program itself.
MEMORY = 280 * 1024 * 1024
GRACE = 1  # seconds


class _Told(list[Any]):
    """A list that prints what is appended, so that it counts even if the process is killed afterwards."""

    def __init__(self, out: BinaryIO) -> None:
        super().__init__()
        self.out = out

    def append(self, found: Text | Unread) -> None:
        row = (
            ["text", found.place, found.words]
            if isinstance(found, Text)
            else ["unread", found.place, found.reason]
        )
        self.out.write(json.dumps(row).encode() + b"\n")
        self.out.flush()
        if isinstance(found, Unread):
            super().append(found)


def limit(seconds: float) -> None:
    """Have the operating system end this process beyond these seconds of processor time, and MEMORY."""
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + GRACE, int(seconds) + GRACE + 1))
    with contextlib.suppress(OSError, ValueError):  # only Linux says how much a process has
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def read(data: bytes, seconds: float, out: BinaryIO) -> None:
    """Print everything found in a document; the last line is 'end'."""
    found = Contents(texts=_Told(out), unread=_Told(out), seconds=seconds)
    reading.read_into(data, found)
    out.write(b'["end"]\n')


def clean(data: bytes, title: str, out: BinaryIO) -> None:
    """Print what was removed, and then the copy; or why there is none."""
    try:
        copy = cleaning.clean(data, title)
    except NotCleanable as error:
        out.write(json.dumps({"refused": str(error)}).encode() + b"\n")
        return
    out.write(json.dumps({"removed": copy.removed}).encode() + b"\n")
    out.write(copy.content)


def main(arguments: Iterable[str]) -> None:
    """Do what the command line says."""
    task, seconds, *rest = arguments
    data, out = sys.stdin.buffer.read(), sys.stdout.buffer
    if data.startswith(b"%PDF") or b"%PDF-" in data[:1024]:
        import documents.cleaning.pdf  # noqa: F401, PLC0415 - loaded before the limit is set
    limit(float(seconds))
    if task == "read":
        read(data, float(seconds), out)
    else:
        clean(data, rest[0] if rest else "", out)
    out.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
