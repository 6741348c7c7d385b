"""Runs the remaining steps of unfinished withdrawals."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from withdrawal import takedown


class Command(BaseCommand):
    help = (
        "Runs the remaining steps of every unfinished withdrawal. Safe at any time; servers and workers do "
        "it when they start. Ends with status 1 while steps remain."
    )

    def handle(self, *_args: object, **_options: Any) -> None:
        done, left = takedown.finish()
        self.stdout.write(f"{done} withdrawals finished, {left} not yet.")
        if left:
            raise CommandError(
                f"{left} withdrawals are not confirmed yet. The dashboard and the receipts show why."
            )
