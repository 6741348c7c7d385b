from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from deidentification.counting import Counted, count_in_captions, count_on_pages
from uploads.errors import EditorError


class Command(BaseCommand):
    help = (
        "Counts what the search for identifiers finds on the public pages about people, or in captions. Run "
        "it before and after a change of the rules, where no private fact is: it counts false alarms."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--captions", type=Path, metavar="FOLDER", help="count in its WebVTT files instead"
        )
        parser.add_argument("--words", action="store_true", help="list what was found, too")

    def handle(self, *_args: object, **options: Any) -> None:
        folder = options["captions"]
        if folder is None:
            self._tell(count_on_pages(), "pages about people", words=options["words"])
            return
        files = sorted(folder.glob("*.vtt"))
        if not files:
            raise CommandError(f"No file in {folder} ends with .vtt. Name a folder with WebVTT files.")
        try:
            self._tell(count_in_captions(files), f"cues of {len(files)} files", words=options["words"])
        except (EditorError, UnicodeDecodeError, OSError) as error:
            raise CommandError(f"A file in {folder} cannot be read: {error}") from error

    def _tell(self, counted: Counted, what: str, *, words: bool) -> None:
        kinds = ", ".join(f"{kind} {number}" for kind, number in counted.kinds.items())
        self.stdout.write(f"{counted.searched} {what}: {counted.total} findings ({kinds or 'none'})")
        for (kind, found), number in counted.words.most_common() if words else ():
            self.stdout.write(f"{number:5} {kind:7} {found}")
