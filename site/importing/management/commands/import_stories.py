from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from experiences.models import StoryIndexPage
from importing.commands import print_report, report_path, user_named
from importing.formats import BY_NAME, source_of
from importing.formats.mapping import read_mapping
from importing.progress import Bar
from importing.records import Refused
from importing.report import SHOWN, report_to
from importing.services import import_stories


class Command(BaseCommand):
    help = """Imports stories as drafts: JSON Lines, CSV, a folder of DOCX or HTML files, a WordPress export.

A story is known by --source and its own id: a second run changes nothing, an interrupted run continues
where it stopped, and what an editor has changed since is never overwritten. No story becomes public: record
the consents with record_consents, then publish with publish_imported. Columns and the mapping file are
described in docs/importing.md."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        parser.add_argument("path", type=Path, metavar="PATH", help="a .jsonl, .csv or .xml file, a folder")
        parser.add_argument(
            "--format", choices=BY_NAME, default="", help="by default the format of the file name"
        )
        parser.add_argument("--mapping", type=Path, metavar="FILE", help="what the archive calls our columns")
        parser.add_argument("--files", type=Path, metavar="FOLDER", help="where pictures and documents are")
        parser.add_argument(
            "--source", default="", help="a name for the archive; by default the name of the file or folder"
        )
        parser.add_argument(
            "--by", default="", metavar="USERNAME", help="the user who imports (default: the site itself)"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would change, change nothing")
        parser.add_argument("--report", type=Path, metavar="FILE", help="a CSV file with a line for each row")
        parser.add_argument("--json", action="store_true", help="end with one line of JSON")

    def handle(self, *_args: object, **options: Any) -> None:
        path: Path = options["path"].resolve()
        parent = StoryIndexPage.objects.order_by("path").first()
        if parent is None:
            raise CommandError(
                "There is no page for stories. Add a ‘stories index’ under the home page first."
            )
        source = (options["source"].strip() or path.stem)[:80]
        by, file = user_named(options["by"]), report_path(options["report"], f"stories-{source}")
        shown = 1_000_000 if options["verbosity"] > 1 else SHOWN
        bar = Bar(silent=options["json"] or not options["verbosity"])
        with report_to(file, shown=shown) as report:
            try:
                archive = source_of(path, read_mapping(options["mapping"]), options["format"])
                archive.folder = options["files"] or archive.folder
                import_stories(
                    archive=archive, source=source, parent=parent, report=report, by=by,
                    dry_run=options["dry_run"],
                    progress=lambda done: bar.show(done, f"{sum(report.counts.values())} rows"),
                )  # fmt: skip
            except (Refused, OSError) as error:
                raise CommandError(str(error)) from error
            finally:
                bar.end()
        if options["verbosity"] and not options["json"]:
            print_report(self, report, dry_run=options["dry_run"], file=file)
        if options["json"]:
            self.stdout.write(json.dumps({**report.as_dict(), "report": str(file)}, ensure_ascii=False))
        if report.counts and report.counts["refused"] == sum(report.counts.values()):
            raise CommandError("No row could be used.")
