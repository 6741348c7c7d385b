from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from wagtail.models import Page, ReferenceIndex

from media import public_names, publishing
from publication import public_files


class Command(BaseCommand):
    help = (
        "Makes the public files what they should be, whatever state they are in: deletes those that nothing claims, "
        "shows and hides pictures, documents and recordings as the published pages need them, writes what is missing. "
        "Safe at any time, and to run again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="say what was done in one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        # What must not be public goes first; what should be comes last.
        removed = public_names.remove_stray_files()
        for model in sorted(ReferenceIndex.indexed_models, key=lambda model: model._meta.label):
            if model is not Page and public_files.is_showing_model(model):
                for place in model._base_manager.order_by("pk").iterator():
                    public_files.index_references(place)
        done = public_files.refresh()
        written = publishing.write_missing()
        removed += public_names.remove_stray_files()
        said = {
            "published": len(done.published),
            "unpublished": len(done.unpublished),
            "removed_files": len(done.removed_files),
            "written": written,
            "removed": len(removed),
            "left": len(public_names.stray_files()),
        }
        if options["json"]:
            self.stdout.write(json.dumps(said))
            return
        self.stdout.write(
            f"{said['published']} published, {said['unpublished']} unpublished ({said['removed_files']} files), "
            f"{said['written']} files written, {said['removed']} unclaimed files removed."
        )
        if said["left"]:
            self.stdout.write(f"{said['left']} younger than an hour were left: run this again later.")
