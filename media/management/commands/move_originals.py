from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.core.files.storage import Storage
from django.core.management.base import BaseCommand, CommandError, CommandParser

from media.models import CaptionTrack, Document, Picture, Recording, Rendition
from media.storage import private_storage, public_storage

FILES = (
    (Picture, "file"),
    (Rendition, "file"),
    (Document, "file"),
    (Recording, "file"),
    (Recording, "thumbnail"),
    (CaptionTrack, "file"),
)


def stored_names() -> Iterator[str]:
    """The names of all private files of pictures, documents and recordings."""
    for model, field in FILES:
        rows = model._base_manager.exclude(**{field: ""}).order_by("pk")
        yield from rows.values_list(field, flat=True).iterator()


def move(name: str, source: Storage, target: Storage) -> str:
    """Move one file; 'moved', 'there' when it is where it belongs, 'lost' when it is nowhere. Can be stopped anywhere."""
    if not source.exists(name):
        return "there" if target.exists(name) else "lost"
    size = source.size(name)
    if target.exists(name) and target.size(name) != size:
        # A copy that was cut off.
        target.delete(name)
    if not target.exists(name):
        with source.open(name, "rb") as file:
            stored = target.save(name, file)
        if stored != name or target.size(name) != size:
            target.delete(stored)
            raise OSError(f"{name} was not copied whole.")
    source.delete(name)
    return "moved"


class Command(BaseCommand):
    help = (
        "Moves originals, and sizes of pictures, that an older version stored where everybody may fetch them to the "
        "private storage. Safe to stop and to run again. Then run refresh_public_files."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="say what was done in one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        said: dict[str, int] = {"moved": 0, "there": 0, "lost": 0, "failed": 0}
        lost, failed = [], []
        for name in stored_names():
            try:
                outcome = move(name, public_storage(), private_storage())
            except OSError as error:
                outcome = "failed"
                failed.append(f"{name}: {error}")
            said[outcome] += 1
            if outcome == "lost":
                lost.append(name)
        if options["json"]:
            self.stdout.write(json.dumps({**said, "lost_files": lost, "failures": failed}))
        else:
            self.stdout.write(f"{said['moved']} files moved, {said['there']} were in their place.")
            for name in lost:
                self.stdout.write(f"Lost: {name}")
        if failed:
            raise CommandError("Could not be moved:\n" + "\n".join(failed))
