"""After a backup was restored: erases again the people who had been erased since."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from audit.actors import Actor
from withdrawal.erasure.services import erase_returned_people


class Command(BaseCommand):
    help = (
        "Erases again the people who came back with a restored backup. Also done at each start of the site."
    )

    def handle(self, *_args: object, **_options: Any) -> None:
        numbers = erase_returned_people(by=Actor.system("reapply_erasures"))
        self.stdout.write(
            f"{len(numbers)} people erased again." if numbers else "No erased person came back."
        )
