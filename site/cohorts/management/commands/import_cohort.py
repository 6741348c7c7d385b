"""Imports case rows into a cohort from a CSV file."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cohorts.columns import template_csv
from cohorts.models import Cohort
from cohorts.services import RowsImported, import_rows, plan, read_for
from uploads.errors import EditorError


class Command(BaseCommand):
    help = (
        "Imports case rows (CSV) into a cohort: good cases are imported, cases with an error are refused "
        "completely, every "
        "error is named by line and column. The same file twice changes nothing. Numbers count cases, not "
        "rows."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", metavar="FILE")
        parser.add_argument("--cohort", type=int, metavar="ID")
        parser.add_argument(
            "--dry-run", action="store_true", help="Read and check everything, write nothing."
        )
        parser.add_argument("--json", action="store_true", help="End with one line of JSON.")
        parser.add_argument("--template", action="store_true", help="Print an empty file to fill in.")

    def handle(self, *_args: object, **options: Any) -> None:
        if options["template"]:
            self.stdout.write(template_csv(), ending="")
            return
        if not options["file"] or options["cohort"] is None:
            raise CommandError(
                "Name a file and a cohort: import_cohort FILE --cohort ID. Or ask for --template."
            )
        cohort = Cohort.objects.filter(pk=options["cohort"]).first()
        if cohort is None:
            known = ", ".join(f"{known.pk} ({known.title})" for known in Cohort.objects.all()[:20]) or "none"
            raise CommandError(f"There is no cohort {options['cohort']}. There are: {known}.")
        try:
            data = Path(options["file"]).read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}.") from error
        self.verbosity = options["verbosity"]
        try:
            read = read_for(cohort, data, progress=lambda rows: self._progress("rows read", rows))
        except EditorError as error:
            raise CommandError(f"{options['file']}: {error}") from error
        self._end_of_progress()
        for line in (*read.notices, *map(str, read.errors)):
            self.stderr.write(line)
        if options["dry_run"]:
            done = plan(cohort, read)
        else:
            done = import_rows(
                cohort=cohort,
                read=read,
                by=None,
                progress=lambda cases: self._progress("cases written", cases),
            )
            self._end_of_progress()
        self._tell(done, options["dry_run"], options["json"])

    def _progress(self, what: str, number: int) -> None:
        """Show a line that counts up in a terminal, and nothing in a log file."""
        if self.verbosity and sys.stderr.isatty():
            sys.stderr.write(f"\r{number:,} {what}")
            sys.stderr.flush()

    def _end_of_progress(self) -> None:
        if self.verbosity and sys.stderr.isatty():
            sys.stderr.write("\n")

    def _tell(self, done: RowsImported, dry_run: bool, as_json: bool) -> None:
        self.stdout.write(
            f"Cases: {done.created} new, {done.updated} changed, {done.unchanged} as before, {done.refused} "
            f"refused; "
            f"{done.unused} kept that are not in this file."
        )
        if dry_run:
            self.stdout.write("Dry run: nothing was written.")
        if as_json:
            shown = asdict(done)
            self.stdout.write(
                json.dumps({name: shown[name] for name in ("created", "updated", "unchanged", "refused")})
            )
