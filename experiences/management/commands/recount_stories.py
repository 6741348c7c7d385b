"""Counts anew how the stories of every treatment page ended, after stories were changed past Wagtail."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from experiences.balance import recount


class Command(BaseCommand):
    help = (
        "Counts anew how the published stories of every treatment page ended (the balance beside each story)."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Counted the stories of {recount()} treatment pages.")
