"""Count the outcomes of stories of all treatment pages again, after stories were changed without Wagtail."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from experiences.balance import recount


class Command(BaseCommand):
    help = "Counts the outcomes of the published stories of every treatment page again."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Counted the stories of {recount()} treatment pages.")
