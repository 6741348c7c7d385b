"""Recognises the words of scanned pages of one PDF, in a process of its own with limits.

    python -m deidentification.recognition_worker SECONDS LANGUAGES PAGES < document > one JSON array a line

`deidentification.recognition` starts it. SECONDS: of processor time, for all pages. PAGES: '1,2,5'. A line is
["text", page, words], ["unread", page, reason] or, as the last, ["end"].
"""

from __future__ import annotations

import io
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name, Stream
from PIL import Image

from documents.contents import plain
from documents.worker import limit

# Pixels of a page: A3 at 400 dots an inch. Larger pictures are not decoded.
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 4_000
SMALLEST, MOST_PICTURES = 20_000, 6  # pixels; pictures on a page, as some scanners cut pages into strips
PAGE_SECONDS = 60  # by the clock


def main(arguments: Iterable[str]) -> None:
    """Do what the command line says."""
    seconds, languages, pages = arguments
    data = sys.stdin.buffer.read()
    limit(float(seconds))
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with (
        pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf,
        tempfile.TemporaryDirectory() as folder,
    ):
        for number in map(int, pages.split(",")):
            if spent() > float(seconds):
                tell("unread", str(number), "late")
                continue
            try:
                words = words_on(pdf.pages[number - 1].obj, Path(folder), languages)
                tell("text", str(number), words)
            except subprocess.TimeoutExpired:
                tell("unread", str(number), "late")
            except MemoryError:
                tell("unread", str(number), "memory")
            # Decoders of damaged pictures raise all kinds of errors; other pages are still read.
            except Exception:
                tell("unread", str(number), "damaged")
    tell("end")


def tell(*row: str) -> None:
    sys.stdout.buffer.write(json.dumps(row).encode() + b"\n")
    sys.stdout.buffer.flush()


def spent() -> float:
    """Return the processor time of this process and of those that it started, in seconds."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def words_on(page: Any, folder: Path, languages: str) -> str:
    """Return the words of the pictures on a page. Raises ValueError for a page without any."""
    found = list(pictures_on(page.get("/Resources")))[:MOST_PICTURES]
    if not found:
        raise ValueError("The page has no picture.")
    turned = int(page.get("/Rotate", 0)) % 360
    return plain("\n".join(recognised(picture, turned, folder, languages) for picture in found))


def pictures_on(resources: Any, deep: int = 0) -> Iterator[Any]:
    group = resources.get("/XObject") if isinstance(resources, Dictionary) else None
    for each in group.as_dict().values() if isinstance(group, Dictionary) else ():
        if not isinstance(each, Stream):
            continue
        if each.get("/Subtype") == Name.Image:
            if SMALLEST <= int(each.get("/Width", 0)) * int(each.get("/Height", 0)) <= MOST_PIXELS:
                yield each
        elif deep < 4:
            yield from pictures_on(each.get("/Resources"), deep + 1)


def recognised(stream: Any, turned: int, folder: Path, languages: str) -> str:
    picture = pikepdf.PdfImage(stream).as_pil_image().convert("L")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    file = folder / "page.png"
    picture.rotate(-turned, expand=True).save(file)
    command = ["tesseract", str(file), "-", "-l", languages, "--dpi", "300"]
    environment = {"PATH": os.environ.get("PATH", ""), "OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(  # noqa: S603 - a fixed program; the document is only its input
        command, env=environment, capture_output=True, timeout=PAGE_SECONDS, check=True
    )
    return done.stdout.decode("utf-8", "replace")


if __name__ == "__main__":
    main(sys.argv[1:])
