from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from importing.commands import report_path, user_named
from importing.progress import Bar
from importing.publishing import Candidate, candidates, waiting
from importing.report import SHOWN, Action, Line, report_to


class Command(BaseCommand):
    help = """Lists the imported stories that may be published, and publishes them with --publish.

A story qualifies if the publication gate has no reason against it: consent for every use, the family’s
approval where it was asked, decided identifiers, complete fields. For the others every reason is listed. A
story that was public before, is locked, in a workflow, or has a conflict with its archive is left alone."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        parser.add_argument("--source", default="", help="only stories of this archive")
        parser.add_argument(
            "--publish", action="store_true", help="publish what qualifies, after the preview"
        )
        parser.add_argument(
            "--by", default="", metavar="USERNAME", help="the user who publishes (default: the site itself)"
        )
        parser.add_argument(
            "--report", type=Path, metavar="FILE", help="a CSV file with a line for each story"
        )
        parser.add_argument("--json", action="store_true", help="end with one line of JSON")

    def handle(self, *_args: object, **options: Any) -> None:
        publish, file = options["publish"], report_path(options["report"], "publication")
        total = max(1, waiting(options["source"]).count())
        bar = Bar(silent=options["json"] or not options["verbosity"])
        found: Counter[str] = Counter()
        with report_to(file, shown=1_000_000 if options["verbosity"] > 1 else SHOWN) as report:
            for one in candidates(
                source=options["source"], publish=publish, by=user_named(options["by"]),
                progress=lambda done: bar.show(done / total, f"{done} of {total}"),
            ):  # fmt: skip
                what: Action = (
                    "published" if one.is_published else "qualifies" if one.qualifies else "not ready"
                )
                found[what] += 1
                report.add(_line(one, what))
        bar.end()
        if options["json"]:
            counts = {what: found[what] for what in ("published", "qualifies", "not ready")}
            self.stdout.write(json.dumps({**counts, "report": str(file)}, ensure_ascii=False))
        elif options["verbosity"]:
            for line in report.lines:
                self.stdout.write(f"{line.place}: {line.title}")
                for note in line.notes:
                    self.stdout.write(f"           {note}")
            if report.hidden:
                self.stdout.write(f"… and {report.hidden} more, all in the report file.")
            words = f"{found['published']} published" if publish else f"{found['qualifies']} qualify"
            self.stdout.write(f"{words}, {found['not ready']} are not ready.")
            if not publish and found["qualifies"]:
                self.stdout.write("Nothing was published. Run it again with --publish.")
            self.stdout.write(f"Report: {file}")


def _line(one: Candidate, what: Action) -> Line:
    redacted = (f"{one.redacted} parts are left out, for want of consent.",) if one.redacted else ()
    return Line(f"story {one.external_id} (page {one.page})", what, one.external_id, one.title, one.page,
                (*one.reasons, *redacted))  # fmt: skip
