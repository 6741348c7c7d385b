from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from withdrawal.expiry import expire


class Command(BaseCommand):
    help = "Takes down what rests on consents that ended. Nothing of it is served any more as it is; publishes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print what was done as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        done = expire()
        if options["json"]:
            self.stdout.write(json.dumps(done.as_json()))
        else:
            self.stdout.write(
                f"{len(done.unpublished)} pages taken down, {len(done.changed)} shown otherwise, "
                f"{len(done.withdrawals)} receipts."
            )
