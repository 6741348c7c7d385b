"""Lists the consents that end soon, and mails those who look after consents about them."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from consent.expiring import due
from consent.reminders import remind


class Command(BaseCommand):
    help = (
        "List the consents that end soon; with --mail also mail those who look after consents (once a mark)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=60, help="how far ahead to look (60)")
        parser.add_argument("--mail", action="store_true", help="mail about those nobody was told of yet")
        parser.add_argument("--json", action="store_true", help="one line of JSON at the end")

    def handle(self, *args: Any, **options: Any) -> None:
        found = due(options["days"])
        for one in found:
            self.stdout.write(f"{one.day}  {one.consent}  {one.consent.person}  {one.why}")
        mailed = remind() if options["mail"] else 0
        if options["json"]:
            due_rows = [{"consent": one.consent.pk, "day": str(one.day), "days": one.days} for one in found]
            self.stdout.write(json.dumps({"due": due_rows, "mailed": mailed}))
