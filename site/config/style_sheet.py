"""The public pages' style sheet: one file, put together from those that people edit.

A browser on a slow line waits for every sheet before it shows anything; one sheet is one wait. The parts stay
files of their own, and lie beside the sheet, so that what they refer to is found from there too.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder, find
from django.core.files.storage import FileSystemStorage

SHEET = "firsthand/public.css"
PARTS = ("firsthand/tokens.css", "firsthand/base.css", "firsthand/frame.css", "firsthand/reading.css")


class PublicStyleSheet(BaseFinder):
    """Finds `firsthand/public.css`, which it writes into the folder `sheets` beside STATIC_ROOT."""

    def __init__(self, *_args: Any, **_options: Any) -> None:
        self.storage = FileSystemStorage(location=Path(settings.STATIC_ROOT).with_name("sheets"))

    def check(self, **_options: Any) -> builtins.list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **_options: Any) -> Any:
        """Return the full path of the sheet, in a list if `find_all`; an empty list for any other name."""
        if path != SHEET:
            return []
        written = self._written()
        return [written] if find_all else written

    def list(self, _ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        self._written()
        yield SHEET, self.storage

    def _written(self) -> str:
        """Return the path of the sheet, written again if one of its parts has changed."""
        text = "".join(Path(str(find(part))).read_text(encoding="utf-8") for part in PARTS)
        file = Path(self.storage.path(SHEET))
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.parent.mkdir(parents=True, exist_ok=True)
            # Another process may read it now: it sees the old sheet or the new one, never half of it.
            half = file.with_suffix(f".{id(self)}.half")
            half.write_text(text, encoding="utf-8")
            half.replace(file)
        return str(file)


__all__ = ["PARTS", "SHEET", "PublicStyleSheet"]
