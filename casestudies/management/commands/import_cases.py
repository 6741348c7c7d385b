from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from casestudies.importing.files import FORMATS, files_in, read_file
from casestudies.importing.records import Refused
from casestudies.importing.services import Line, Report, import_cases
from casestudies.models import CaseStudyIndexPage

# So many lines of the report are printed, unless --verbosity 2 asks for all.
SHOWN = 50


class Command(BaseCommand):
    help = """Imports cases as drafts: Phenopackets (JSON), JATS articles (XML), JSON and CSV.

A case is known by --source and its own id: a second run changes nothing, an interrupted run continues where
it stopped, and what an editor has changed since is never overwritten. Formats and columns are described in
docs/casestudies.md."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files, or folders of files")
        parser.add_argument(
            "--format", choices=FORMATS, default="", help="by default the format of the file name"
        )
        parser.add_argument(
            "--source", default="files", help="where the ids come from, e.g. ‘registry’ (default: files)"
        )
        parser.add_argument(
            "--by", default="", metavar="USERNAME", help="the user who imports (default: the site itself)"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would change, change nothing")
        parser.add_argument("--json", action="store_true", help="end with one line of JSON")

    def handle(self, *_args: object, **options: Any) -> None:
        try:
            files = files_in(options["paths"])
        except Refused as error:
            raise CommandError(str(error)) from error
        if not files:
            raise CommandError("There are no .json, .csv, .xml or .nxml files there.")
        parent = CaseStudyIndexPage.objects.order_by("path").first()
        if parent is None:
            raise CommandError(
                "There is no page for case studies. Add a ‘case studies index’ under the home page first."
            )
        self.done, self.files = 0, len(files)
        self.bar = sys.stderr.isatty() and not options["json"] and options["verbosity"] > 0
        report = import_cases(
            found=(found for path in self.counted(files) for found in read_file(path, options["format"])),
            source=options["source"].strip()[:80] or "files",
            by=self.user(options["by"]),
            parent=parent,
            dry_run=options["dry_run"],
        )
        if self.bar:
            self.stderr.write("")
        if options["verbosity"]:
            self.print_report(report, dry_run=options["dry_run"], everything=options["verbosity"] > 1)
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict()))
        if report.lines and report.count("refused") == len(report.lines):
            raise CommandError("No case could be used.")

    def counted(self, files: list[Path]) -> Any:
        for number, path in enumerate(files, start=1):
            if self.bar:
                filled = 30 * number // self.files
                self.stderr.write(
                    f"\r[{'#' * filled}{'.' * (30 - filled)}] {number} of {self.files} files", ending=""
                )
                self.stderr.flush()
            yield path

    def user(self, name: str) -> Any:
        if not name:
            return None
        model = get_user_model()
        try:
            return model.objects.get_by_natural_key(name)
        except model.DoesNotExist as error:
            raise CommandError(f"There is no user ‘{name}’.") from error

    def print_report(self, report: Report, *, dry_run: bool, everything: bool) -> None:
        """Print the report, refusals and notes first: these need attention."""
        lines = sorted(report.lines, key=lambda line: (line.action != "refused", not line.notes))
        shown = lines if everything else lines[:SHOWN]
        for line in shown:
            self.stdout.write(told(line))
        if len(shown) < len(lines):
            self.stdout.write(f"… and {len(lines) - len(shown)} more (--verbosity 2 lists all)")
        counts = ", ".join(f"{number} {action}" for action, number in report.as_dict().items())
        self.stdout.write(f"{'Nothing was written. Without --dry-run: ' if dry_run else ''}{counts}.")


def told(line: Line) -> str:
    notes = "".join(f"\n           {note}" for note in line.notes)
    return f"{line.action:>9}  {line.place}{f': {line.title}' if line.title else ''}{notes}"
