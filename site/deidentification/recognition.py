"""Has the program tesseract recognise the words of scanned documents, where it is installed.

It misreads letters and leaves out handwriting, so a person still reads the document. The words are stored for
the search alone; no visitor gets them.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from documents.contents import Unread

logger = logging.getLogger(__name__)

PROGRAM, PACKAGE = "tesseract", "tesseract-ocr"
MOST_PAGES, MOST_LANGUAGES = 60, 5
SECONDS, PATIENCE = 240, 900  # of processor time for one document, and by the clock


@dataclass
class Recognised:
    """`texts`: (page, words); `missed`: (page, key of `documents.places.REASONS`)."""

    texts: list[tuple[str, str]] = field(default_factory=list)
    missed: list[tuple[str, str]] = field(default_factory=list)


def is_installed() -> bool:
    """Return whether this machine can recognise words."""
    return shutil.which(PROGRAM) is not None


@cache
def languages() -> str:
    """Return the installed languages as tesseract takes them: 'eng+ron'."""
    done = subprocess.run(  # noqa: S603 - a fixed program
        [str(shutil.which(PROGRAM)), "--list-langs"], capture_output=True, text=True, check=True, timeout=30
    )
    found = [line.strip() for line in done.stdout.splitlines()[1:] if line.strip() not in {"", "osd"}]
    return "+".join(sorted(found, key=lambda name: (name != "eng", name))[:MOST_LANGUAGES])


def scanned_pages(unread: Iterable[Unread]) -> list[str]:
    """Return the numbers of the scanned pages of the document itself, not of its attachments."""
    found = [missed.place[0][1] for missed in unread if missed.reason == "scanned" and len(missed.place) == 1]
    return [number for number in found if number.isdigit()]


def recognise(data: bytes, pages: list[str]) -> Recognised:
    """Return the words of pages of a PDF, within limits of pages, time and memory. Raises for no content."""
    read, late = pages[:MOST_PAGES], pages[MOST_PAGES:]
    found = Recognised(missed=[(page, "late") for page in late])
    told = set()
    for row in _run(data, str(SECONDS), languages(), ",".join(read)):
        if row[0] == "text":
            found.texts.append((row[1], row[2]))
            told.add(row[1])
        elif row[0] == "unread":
            found.missed.append((row[1], row[2]))
            told.add(row[1])
    found.missed += [(page, "late") for page in read if page not in told]
    return found


def _run(data: bytes, *arguments: str) -> list[list[str]]:
    environment = {
        "PYTHONPATH": str(Path(__file__).resolve().parents[1]), "PATH": os.environ.get("PATH", ""),
        "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8",
    }  # fmt: skip
    command = [sys.executable, "-P", "-m", "deidentification.recognition_worker", *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - our own program; the document is only its input
            command, input=data, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            timeout=PATIENCE, check=False,
        )  # fmt: skip
        out = done.stdout
        if done.returncode:
            logger.warning("The recognition of words ended with status %s.", done.returncode)
    except subprocess.TimeoutExpired as late:
        out = late.stdout or b""
    rows = []
    for line in out.splitlines():
        try:
            rows.append(json.loads(line))
        except ValueError:
            # The process was ended in the middle of a line.
            break
    return rows
