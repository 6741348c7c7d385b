from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from measures.loading import load
from measures.models import Measure
from measures.starter import STARTER


class Command(BaseCommand):
    help = """Loads the outcome measures that come with the project.

It adds what is missing and changes only what a loader wrote and no editor has altered since. It deletes
nothing. Running it twice changes nothing the second time."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="end with one line of JSON")

    @transaction.atomic
    def handle(self, *_args: object, **options: Any) -> None:
        result = load(Measure.objects, STARTER)
        if options["verbosity"] and not options["json"]:
            self.stdout.write(
                f"{result.created} measures added, {result.updated} changed, {result.unchanged} unchanged."
            )
            if result.kept:
                self.stdout.write(f"{result.kept} values were changed by an editor and are kept.")
            if result.refused:
                self.stdout.write(f"{result.refused} skipped: another measure has the same name.")
        if options["json"]:
            self.stdout.write(json.dumps(result.counts()))
