from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from wagtail.models import Page, ReferenceIndex

from media import public_names, publishing
from publication import file_references, public_files, restrictions


class Command(BaseCommand):
    help = (
        "Repairs the public files from any state: deletes stray files, publishes and unpublishes pictures, "
        "documents and recordings as public pages show them, and writes missing files. Always safe to run."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the result as one line of JSON")

    def handle(self, *_args: object, **options: Any) -> None:
        restrictions.sync_below()
        # Remove what must not be public first; add what should be public last.
        removed = public_names.remove_stray_files()
        for model in sorted(ReferenceIndex.indexed_models, key=lambda model: model._meta.label):
            if model is not Page and file_references.is_showing_model(model):
                for surface in model._base_manager.order_by("pk").iterator():
                    file_references.index_references(surface)
        done = public_files.refresh()
        written = publishing.write_missing()
        removed += public_names.remove_stray_files()
        counts = {
            "published": len(done.published),
            "unpublished": len(done.unpublished),
            "removed_files": len(done.removed_files),
            "written": written,
            "removed": len(removed),
            "left": len(public_names.stray_files()),
        }
        if options["json"]:
            self.stdout.write(json.dumps(counts))
            return
        self.stdout.write(
            f"{counts['published']} published, {counts['unpublished']} unpublished "
            f"({counts['removed_files']} files), "
            f"{counts['written']} files written, {counts['removed']} stray files removed."
        )
        if counts["left"]:
            self.stdout.write(
                f"{counts['left']} stray files are younger than an hour and were left. Run this again later."
            )
