from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from withdrawal import takedown


class Command(BaseCommand):
    help = (
        "Goes on with every withdrawal of which something is not confirmed to be down. Safe at any time; servers and "
        "workers do it when they start. Ends with status 1 while something is left."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        done, left = takedown.finish()
        self.stdout.write(f"{done} withdrawals finished, {left} not yet.")
        if left:
            raise CommandError(
                f"Not confirmed yet: {left} withdrawals. The dashboard and their receipts say what."
            )
