from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from demo.made.layout import MOST
from demo.made.maker import make_stories


class Command(BaseCommand):
    help = (
        "Make invented stories to measure the site with: published, with people, consents, pictures, terms "
        "and transcripts, and a video for every 20 and a case study for every 50 of them. The same number "
        "always gives the same content; a larger one later adds the rest. Never use it on a public site."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", type=int, help="how many made stories there shall be, e.g. 20000")

    def handle(self, *args: Any, **options: Any) -> None:
        number: int = options["number"]
        if not 0 < number <= MOST:
            raise CommandError(f"Give a number from 1 to {MOST:,}.")
        made = make_stories(number, self.show if options["verbosity"] else lambda _line: None)
        if options["verbosity"]:
            end = "\r\033[K" if sys.stderr.isatty() else ""
            self.stderr.write(end, ending="")
            self.stdout.write(f"Made {made.made:,} stories in {made.seconds:.0f} s; {made.had:,} were there.")

    def show(self, line: str) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r\033[K  {line}", ending="")
        else:
            self.stderr.write(line)
        self.stderr.flush()
