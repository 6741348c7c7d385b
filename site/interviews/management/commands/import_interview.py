"""Creates an interview from a transcript and, optionally, a recording."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from interviews.importing import EmptyTranscript, checked, import_transcript, pack, set_roles
from interviews.models import Interview
from interviews.recordings import recording_saved, set_recording
from interviews.speaker_roles import suggested_roles
from media.validation.recordings import probe
from media.validation.upload_checks import run_upload_checks
from transcripts import TranscriptRead, Unreadable, read_all
from transcripts.doubts import doubts_about


class Command(BaseCommand):
    help = (
        "Creates an interview from a transcript (in any format of docs/transcripts.md) and a recording. "
        "If anything fails, nothing is written."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--title", required=True, help="For editors only.")
        parser.add_argument(
            "--transcript",
            action="append",
            required=True,
            metavar="FILE",
            help="Repeat it for several Praat files, one for each speaker.",
        )
        parser.add_argument("--recording", metavar="FILE", help="Kept privately.")
        parser.add_argument("--language", default="en", help="As a code: en, ar, pt-br. Default: en.")
        parser.add_argument("--json", action="store_true", help="Print one JSON object.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Read and check everything, write nothing."
        )

    def handle(self, *_args: object, **options: Any) -> None:
        interview = Interview(title=options["title"].strip(), language=options["language"])
        try:
            interview.clean_fields(exclude=["recording"])
        except ValidationError as error:
            raise CommandError(_sentences(error)) from error
        files = [(_bytes(name), Path(name).name) for name in options["transcript"]]
        names = ", ".join(options["transcript"])
        try:
            read = checked(read_all(files, language=interview.language))
            for data, _name in files:
                run_upload_checks(ContentFile(data))
        except (Unreadable, EmptyTranscript) as error:
            raise CommandError(f"{names}: {error}") from error
        except ValidationError as error:
            raise CommandError(f"{names}: {_sentences(error)}") from error
        found = self._make(interview, read, files, options["recording"], options["dry_run"])
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        self._print(found)

    def _make(
        self,
        interview: Interview,
        read: TranscriptRead,
        files: list[tuple[bytes, str]],
        recording: str | None,
        dry_run: bool,
    ) -> dict[str, Any]:
        """Write the interview unless it is a dry run. Returns what is printed."""
        if recording:
            self._take(interview, recording, read, files, dry_run)
        elif not dry_run:
            _write(interview, read, files)
        return {
            "id": interview.pk,
            "title": interview.title,
            "language": interview.language,
            "format": read.format,
            "cues": len(read.cues),
            "speakers": read.speakers,
            "duration": interview.duration if interview.duration is not None else read.duration,
            "recording": interview.recording_kind or None,
            "unused": [{"line": one.line, "text": one.text, "reason": one.reason} for one in read.unused],
            "notes": read.notes,
            "doubts": doubts_about(read, language=interview.language, recorded=interview.duration),
            "dry_run": dry_run,
        }

    def _take(
        self,
        interview: Interview,
        recording: str,
        read: TranscriptRead,
        files: list[tuple[bytes, str]],
        dry_run: bool,
    ) -> None:
        path = Path(recording)
        try:
            with path.open("rb") as opened:
                file = File(opened, name=path.name)
                run_upload_checks(file)
                facts = probe(file)
                if dry_run:
                    interview.recording_kind, interview.duration = facts.kind, facts.duration
                    return
                set_recording(interview, file, facts)
                _write(interview, read, files)
        except ValidationError as error:
            raise CommandError(f"{recording}: {_sentences(error)}") from error
        except OSError as error:
            raise CommandError(f"{recording}: {error.strerror or error}.") from error

    def _print(self, found: dict[str, Any]) -> None:
        for note in [*found["doubts"], *found["notes"]]:
            self.stderr.write(note)
        for one in found["unused"]:
            self.stderr.write(f"line {one['line']} not used: {one['reason']} {one['text'][:80]!r}")
        made = "would be created" if found["dry_run"] else f"{found['id']} created"
        speakers = ", ".join(found["speakers"]) or "none named"
        self.stdout.write(
            f"Interview {made}: {found['cues']} cues ({found['format']}), speakers: {speakers}, "
            f"{len(found['unused'])} lines not used."
        )
        if found["dry_run"]:
            self.stdout.write("Dry run: nothing was written.")


@transaction.atomic
def _write(interview: Interview, read: TranscriptRead, files: list[tuple[bytes, str]]) -> None:
    interview.save()
    recording_saved(interview)
    source, filename = pack(files)
    import_transcript(interview=interview, read=read, by=None, source=source, filename=filename)
    set_roles(interview, suggested_roles(read.cues))
    interview.refresh_from_db()


def _bytes(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror}.") from error


def _sentences(error: ValidationError) -> str:
    return " ".join(
        f"{field}: {' '.join(said)}" if field != "__all__" else " ".join(said)
        for field, said in (
            error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}
        ).items()
    )
