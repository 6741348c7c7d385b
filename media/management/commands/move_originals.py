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
    """Yield the names of all private files of pictures, documents and recordings."""
    for model, field in FILES:
        rows = model._base_manager.exclude(**{field: ""}).order_by("pk")
        yield from rows.values_list(field, flat=True).iterator()


def move(name: str, source: Storage, target: Storage) -> str:
    """Move one file, and return 'moved', 'there' if it was in its place, or 'lost' if it is missing.

    Can be interrupted at any point and run again.
    """
    if not source.exists(name):
        return "there" if target.exists(name) else "lost"
    size = source.size(name)
    if target.exists(name) and target.size(name) != size:
        # An incomplete copy.
        target.delete(name)
    if not target.exists(name):
        with source.open(name, "rb") as file:
            stored = target.save(name, file)
        if stored != name or target.size(name) != size:
            target.delete(stored)
            raise OSError(f"{name} was not copied completely.")
    source.delete(name)
    return "moved"


class Command(BaseCommand):
    help = (
        "Move originals, and sizes of pictures, that an older version made public to the private storage. "
        "Safe to interrupt and to run again. Run refresh_public_files afterwards."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="report in one line of JSON")

    def handle(self, *_args: object, **options: Any) -> None:
        counts: dict[str, int] = {"moved": 0, "there": 0, "lost": 0, "failed": 0}
        lost, failed = [], []
        for name in stored_names():
            try:
                outcome = move(name, public_storage(), private_storage())
            except OSError as error:
                outcome = "failed"
                failed.append(f"{name}: {error}")
            counts[outcome] += 1
            if outcome == "lost":
                lost.append(name)
        if options["json"]:
            self.stdout.write(json.dumps({**counts, "lost_files": lost, "failures": failed}))
        else:
            self.stdout.write(f"{counts['moved']} files moved, {counts['there']} were already in place.")
            for name in lost:
                self.stdout.write(f"Lost: {name}")
        if failed:
            raise CommandError("Could not be moved:\n" + "\n".join(failed))
