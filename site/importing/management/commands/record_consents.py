from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.actors import Actor
from importing.commands import print_report, report_path, user_named
from importing.consent_rows import COLUMNS, column_of
from importing.consents import Recorder, form_named, only_form
from importing.formats.csv_rows import CsvSource
from importing.formats.mapping import Mapping
from importing.progress import Bar
from importing.records import Refused
from importing.report import SHOWN, report_to


class Command(BaseCommand):
    help = """Records consents from a CSV file: who, for which story, uses, dates, channel, the signed form.

Every row is one consent, recorded as in the admin and written to the audit trail; a second run records
nothing twice. A new person is stored with the real name of the row and linked to the story. Nothing becomes
public: use publish_imported afterwards. The columns are described in docs/importing.md."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        parser.add_argument("file", type=Path, metavar="FILE", help="a CSV file")
        parser.add_argument(
            "--source",
            required=True,
            help="the archive whose story ids the file uses",
        )
        parser.add_argument("--form", default="", help="the form that was signed: ‘name, language, version’")
        parser.add_argument("--scans", type=Path, metavar="FOLDER", help="where the signed forms are")
        parser.add_argument(
            "--by", default="", metavar="USERNAME", help="the user who records (default: the site itself)"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, record nothing")
        parser.add_argument("--report", type=Path, metavar="FILE", help="a CSV file, one line a row")
        parser.add_argument("--json", action="store_true", help="end with one line of JSON")

    def handle(self, *_args: object, **options: Any) -> None:
        path: Path = options["file"].resolve()
        if not path.is_file():
            raise CommandError(f"{path}: this file does not exist.")
        user = user_named(options["by"])
        file = report_path(options["report"], "consents")
        bar = Bar(silent=options["json"] or not options["verbosity"])
        with report_to(file, shown=1_000_000 if options["verbosity"] > 1 else SHOWN) as report:
            try:
                archive = CsvSource(path, Mapping(known_column=column_of))
                Recorder(
                    source=options["source"].strip()[:80],
                    folder=(options["scans"] or path.parent).resolve(),
                    by=Actor.of(user) if user else Actor.system("record_consents"),
                    form=form_named(options["form"]) if options["form"] else only_form(),
                    dry_run=options["dry_run"],
                ).record_all(
                    archive.rows(),
                    report,
                    lambda: bar.show(archive.done, f"{sum(report.counts.values())} rows"),
                )
            except (Refused, OSError) as error:
                raise CommandError(str(error)) from error
            finally:
                bar.end()
            report.notes += archive.notes
        if options["json"]:
            self.stdout.write(json.dumps({**report.as_dict(), "report": str(file)}, ensure_ascii=False))
        elif options["verbosity"]:
            print_report(self, report, dry_run=options["dry_run"], file=file)
        if report.counts and report.counts["refused"] == sum(report.counts.values()):
            raise CommandError(f"No row could be used. Columns: {', '.join(sorted(COLUMNS))}.")
