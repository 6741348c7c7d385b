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
        "Takes a consent back and everything down that rests on it, at once, and prints the receipt. "
        "Ends with status 1 if something could not be confirmed yet; it is tried again by itself."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("consent", type=int, help="the consent's number")
        parser.add_argument("--reason", required=True, help="why; 'not given' will do")
        parser.add_argument(
            "--uses", default="", help=f"only these, with commas between: {', '.join(Use.values)}"
        )
        parser.add_argument("--json", action="store_true", help="print the receipt as JSON")

    def handle(self, *args: Any, consent: int, reason: str, uses: str, **options: Any) -> None:
        named = [use.strip() for use in uses.split(",") if use.strip()]
        if unknown := sorted(set(named) - set(Use.values)):
            raise CommandError(f"No such use: {', '.join(unknown)}. There are: {', '.join(Use.values)}.")
        found = Consent.objects.filter(pk=consent).first()
        if found is None:
            raise CommandError(f"There is no consent number {consent}.")
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
            self.tell(receipt)
        if withdrawal.finished_at is None:
            raise CommandError(
                "Not everything could be confirmed. It is tried again by itself; now: manage.py finish_takedowns"
            )

    def tell(self, receipt: dict[str, Any]) -> None:
        self.stdout.write(
            f"Receipt {receipt['receipt']}: {receipt['things_down']} of {receipt['things']} down."
        )
        for line in receipt["surfaces"]:
            after = f"after {line['seconds']:.2f} s" if line["seconds"] is not None else line["error"]
            self.stdout.write(f"  {line['count']:5}  {line['label']}: {line['state_label']}, {after}")
        self.stdout.write("What remains:")
        for sentence in receipt["remains"]:
            self.stdout.write(f"  {sentence}")
