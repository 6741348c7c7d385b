"""Unpublishes pages that depend on expired consents."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from withdrawal.expiry import expire


class Command(BaseCommand):
    help = (
        "Unpublishes pages that depend on expired consents. Those pages are not served any more in any case. "
        "Publishes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print what was done as JSON")

    def handle(self, *_args: object, **options: Any) -> None:
        done = expire()
        if options["json"]:
            self.stdout.write(json.dumps(done.as_json()))
        else:
            self.stdout.write(
                f"{len(done.unpublished)} pages unpublished, {len(done.changed)} changed, "
                f"{len(done.withdrawals)} receipts."
            )
