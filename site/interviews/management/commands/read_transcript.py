"""Reads a transcript without a database, and prints its cues."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from transcripts import TranscriptRead, Unreadable, read_all
from transcripts.doubts import doubts_about


class Command(BaseCommand):
    help = (
        "Reads a transcript (in any format of docs/transcripts.md) and prints its cues, what was left out, "
        "and doubts."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file",
            nargs="+",
            metavar="FILE",
            help="One transcript, or several Praat files, one for each speaker.",
        )
        parser.add_argument("--language", default="", help="Of the interview, as a code: en, ar, pt-br.")
        parser.add_argument("--json", action="store_true", help="Print one JSON object.")

    def handle(self, *_args: object, file: list[str], json: bool, language: str, **_options: Any) -> None:
        files = []
        for name in file:
            try:
                files.append((Path(name).read_bytes(), Path(name).name))
            except OSError as error:
                raise CommandError(f"{name}: {error.strerror}.") from error
        try:
            found = read_all(files, language=language)
        except Unreadable as error:
            raise CommandError(f"{', '.join(file)}: {error}") from error
        if json:
            self.stdout.write(as_json(found))
            return
        for cue in found.cues:
            times = "" if cue.start is None else f"{cue.start:>9.3f} {cue.end:>9.3f}  "
            self.stdout.write(f"{times}{cue.speaker + ': ' if cue.speaker else ''}{cue.text}")
        for note in [*doubts_about(found, language=language), *found.notes]:
            self.stderr.write(note)
        for one in found.unused:
            self.stderr.write(f"line {one.line} not used: {one.reason} {one.text[:80]!r}")
        self.stderr.write(f"{found.format}: {len(found.cues)} cues, {len(found.unused)} places not used.")


def as_json(found: TranscriptRead) -> str:
    """Return the transcript as JSON: format, cues, unused, notes, doubts; times in seconds or null."""
    return json.dumps(
        {
            "format": found.format,
            "cues": [
                {"start": cue.start, "end": cue.end, "speaker": cue.speaker, "text": cue.text}
                for cue in found.cues
            ],
            "unused": [{"line": one.line, "text": one.text, "reason": one.reason} for one in found.unused],
            "notes": found.notes,
            "doubts": found.doubts,
        },
        ensure_ascii=False,
    )
