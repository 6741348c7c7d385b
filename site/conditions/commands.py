"""The command that loads a vocabulary, shared by conditions and treatments."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from conditions.load_plan import STARTER, Change
from conditions.models.term import Term
from conditions.records import ParsedVocabulary, Remark, UnreadableFile
from conditions.services import LoadReport, load_terms
from conditions.term_files import read_file

# Lines of each kind that are printed, unless --verbosity 2 asks for all.
_SHOWN = 25


class LoadTermsCommand(BaseCommand):
    """A subclass names its `model` and its `starter` file."""

    model: type[Term]
    starter: Path

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        parser.add_argument(
            "file", nargs="?", type=Path, help="an OBO or CSV file; without it, the starter set"
        )
        parser.add_argument(
            "--format",
            choices=["obo", "csv"],
            default="",
            help="default: by the suffix and content of the file",
        )
        parser.add_argument(
            "--root", default="", metavar="DOID:...", help="OBO: only this term and the terms below it"
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would change")
        parser.add_argument("--json", action="store_true", help="end with one line of JSON")

    def handle(self, *_args: object, **options: Any) -> None:
        path: Path | None = options["file"]
        try:
            languages = [code for code, _ in settings.LANGUAGES]
            parsed = read_file(path or self.starter, options["format"], options["root"], languages)
        except UnreadableFile as error:
            raise CommandError(str(error)) from error
        if path is None:
            parsed.source = STARTER
        elif parsed.source == STARTER:
            # Only the file that comes with the project counts as the starter vocabulary.
            parsed.source = f"file {STARTER}"
        report = self.load(
            parsed, dry_run=options["dry_run"], quiet=options["json"] or not options["verbosity"]
        )
        if options["verbosity"]:
            self.print_report(report, everything=options["verbosity"] > 1)
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False))
        if not report.changes:
            raise CommandError("No row of the file could be used.")

    def load(self, parsed: ParsedVocabulary, *, dry_run: bool, quiet: bool) -> LoadReport:
        terminal = not quiet and sys.stderr.isatty()

        def show(done: int, total: int) -> None:
            if done % 200 == 0 or done == total:
                self.stderr.write(f"\r{done} of {total} terms compared", ending="" if done < total else "\n")

        return load_terms(
            model=self.model, parsed=parsed, dry_run=dry_run, progress=show if terminal else None
        )

    def print_report(self, report: LoadReport, *, everything: bool) -> None:
        """Print what changed, what was kept and what could not be used."""
        most = None if everything else _SHOWN
        changed = [change for change in report.changes if change.action != "unchanged"]
        self._list([_change_line(change) for change in changed], most)
        if report.kept:
            self.stdout.write("\nKept, because an editor had changed it:")
            self._list([f"  {change.term.name}: {', '.join(change.kept)}" for change in report.kept], most)
        for title, remarks in (("Rows not used", report.refused), ("Left out of rows", report.remarks)):
            if remarks:
                self.stdout.write(f"\n{title}:")
                self._list([_remark_line(remark) for remark in remarks], most)
        would = "would be " if report.dry_run else ""
        self.stdout.write(
            f"\n{report.count('created')} {would}created, {report.count('updated')} {would}updated, "
            f"{report.count('moved')} {would}moved, {report.count('unchanged')} unchanged, "
            f"{len(report.refused)} rows not used."
        )
        if report.dry_run:
            self.stdout.write("Dry run: nothing was written.")

    def _list(self, lines: list[str], most: int | None) -> None:
        for line in lines[:most]:
            self.stdout.write(line)
        if most is not None and len(lines) > most:
            self.stdout.write(f"  … and {len(lines) - most} more (--verbosity 2 lists all)")


def _change_line(change: Change) -> str:
    details = f": {'; '.join(change.details)}" if change.details else ""
    return f"{change.action:>8}  {change.term.name}{details if change.action != 'created' else ''}"


def _remark_line(remark: Remark) -> str:
    return f"  line {remark.row}: {remark.text}: {remark.reason}"
