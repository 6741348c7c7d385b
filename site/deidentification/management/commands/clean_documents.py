from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.actors import Actor
from deidentification.public_documents import CLEANED, REMOVED, clean_public_copies


class Command(BaseCommand):
    help = (
        "Replaces public copies of documents that still contain hidden data by cleaned copies. A document "
        "that cannot be cleaned loses its public copy and is listed. Originals stay. Safe to run again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--again", action="store_true", help="make the copies of all public documents again"
        )

    def handle(self, *_args: object, **options: Any) -> None:
        counts = {CLEANED: 0, REMOVED: 0}
        for document, done in clean_public_copies(by=Actor.system("clean_documents"), again=options["again"]):
            if done in counts:
                counts[done] += 1
                self.stdout.write(f"{done}: document {document.pk}, {document.title}")
        self.stdout.write(f"{counts[CLEANED]} copies cleaned, {counts[REMOVED]} removed.")
        if counts[REMOVED]:
            raise CommandError("Replace the documents without a public copy by ones that can be cleaned.")
