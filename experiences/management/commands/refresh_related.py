"""Choose related stories again: after an import, or now and then for those that have not changed for long."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from experiences import related_stories

AT_ONCE = 200


class Command(BaseCommand):
    help = (
        "Chooses the related stories of stories and videos again: first of pages that have none, then of "
        "those that have chosen longest ago."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, default=None, help="How many pages at most; all by default.")
        parser.add_argument("--missing", action="store_true", help="Only pages that have no related stories.")

    def handle(self, *args: Any, **options: Any) -> None:
        limit: int | None = options["limit"]
        pages = related_stories.without_any()[:limit]
        if not options["missing"]:
            left = None if limit is None else limit - len(pages)
            pages += related_stories.longest_unchanged(left)
        changed = 0
        for start in range(0, len(pages), AT_ONCE):
            changed += related_stories.refresh(pages[start : start + AT_ONCE])
        self.stdout.write(f"Chose related stories for {len(pages)} pages; {changed} changed.")
