"""Lists the consents that end soon, and mails reminders to consent officers."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from consent.expiring import due
from consent.reminders import remind


class Command(BaseCommand):
    help = (
        "Lists the consents that end soon. With --mail, also mails consent officers, once for each reminder "
        "day."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=60, help="how far ahead to look (60)")
        parser.add_argument("--mail", action="store_true", help="mail the reminders that were not sent yet")
        parser.add_argument("--json", action="store_true", help="print one line of JSON at the end")

    def handle(self, *_args: object, **options: Any) -> None:
        found = due(options["days"])
        for item in found:
            self.stdout.write(f"{item.day}  {item.consent}  {item.consent.person}  {item.why}")
        mailed = remind() if options["mail"] else 0
        if options["json"]:
            due_rows = [{"consent": one.consent.pk, "day": str(one.day), "days": one.days} for one in found]
            self.stdout.write(json.dumps({"due": due_rows, "mailed": mailed}))
