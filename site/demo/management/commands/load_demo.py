from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from demo.loader import load_demo


class Command(BaseCommand):
    help = (
        "Load the sample site Returning Hope into an empty database. Running it again adds only what a newer "
        "version brings. It leaves alone what an editor has changed, moved, unpublished or deleted."
    )

    # `make run` runs this at each start; `manage.py check` and `make lint` run the checks.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--json", action="store_true", help="end with one line of JSON instead of a sentence"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        report = load_demo(self.show if self.watched(options) else lambda _line: None)
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report), ensure_ascii=False))
            return
        for line in report.left_out:
            self.stderr.write(f"Left out: {line}")
        if report.refused:
            self.stdout.write(report.refused)
        elif report.made and options["verbosity"]:
            self.stdout.write(f"Loaded the sample site: {len(report.made)} parts in {report.seconds:.0f} s.")

    def watched(self, options: dict[str, Any]) -> bool:
        return sys.stderr.isatty() and not options["json"] and options["verbosity"] > 0

    def show(self, line: str) -> None:
        self.stderr.write(f"\r\033[K  {line}", ending="")
        self.stderr.flush()
