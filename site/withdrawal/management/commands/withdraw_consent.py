"""Withdraws a consent."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from audit.actors import Actor
from consent.models import Consent
from consent.uses import Use
from withdrawal import receipts
from withdrawal.models import Withdrawal
from withdrawal.services import AlreadyWithdrawn, withdraw


class Command(BaseCommand):
    help = (
        "Withdraws a consent, unpublishes everything that depends on it, and prints the receipt. "
        "Ends with status 1 if some steps have not been confirmed yet; they are tried again automatically."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("consent", type=int, help="the consent's number")
        parser.add_argument("--reason", required=True, help="the reason; 'not given' is enough")
        parser.add_argument(
            "--uses", default="", help=f"only these uses, separated by commas: {', '.join(Use.values)}"
        )
        parser.add_argument("--json", action="store_true", help="print the receipt as JSON")

    def handle(self, *_args: object, consent: int, reason: str, uses: str, **options: Any) -> None:
        named = [use.strip() for use in uses.split(",") if use.strip()]
        if unknown := sorted(set(named) - set(Use.values)):
            raise CommandError(f"Unknown use: {', '.join(unknown)}. Choose from: {', '.join(Use.values)}.")
        found = Consent.objects.filter(pk=consent).first()
        if found is None:
            raise CommandError(f"There is no consent with the number {consent}.")
        try:
            withdrawal = withdraw(
                consent=found,
                by=Actor.system("withdraw_consent"),
                channel=Withdrawal.Channel.COMMAND,
                reason=reason,
                uses=named,
            )
        except AlreadyWithdrawn as error:
            raise CommandError(str(error)) from error
        withdrawal.refresh_from_db()
        receipt = receipts.receipt(withdrawal)
        if options["json"]:
            self.stdout.write(json.dumps(receipt, cls=DjangoJSONEncoder, indent=2))
        else:
            self.print_receipt(receipt)
        if withdrawal.finished_at is None:
            raise CommandError(
                "Some steps have not been confirmed. They are tried again automatically, or with "
                "manage.py finish_takedowns."
            )

    def print_receipt(self, receipt: dict[str, Any]) -> None:
        self.stdout.write(
            f"Receipt {receipt['receipt']}: {receipt['items_removed']} of {receipt['items']} removed."
        )
        for line in receipt["surfaces"]:
            after = f"after {line['seconds']:.2f} s" if line["seconds"] is not None else line["error"]
            self.stdout.write(f"  {line['count']:5}  {line['label']}: {line['state_label']}, {after}")
        self.stdout.write("What remains:")
        for sentence in receipt["remains"]:
            self.stdout.write(f"  {sentence}")
