from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from wagtail.models import Page

from delivery import making
from publication.visibility import visible_pages

AT_ONCE = 200


class Command(BaseCommand):
    help = (
        "Makes the pages that visitors may see and stores them, so that the first visitor of each does not "
        "wait. Pages that are current are left alone. Safe to run at any time. Names each page that answers "
        "with an error, and then ends with 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--most", type=int, default=0, help="Stop after so many pages (default: all).")

    def handle(self, *args: Any, most: int, **options: Any) -> None:
        done = last = failed = 0
        pages = visible_pages(Page.objects.filter(depth__gt=1)).order_by("pk")
        while numbers := list(pages.filter(pk__gt=last).values_list("pk", flat=True)[:AT_ONCE]):
            made = making.make_pages(numbers)
            done += made.stored
            failed += len(made.failed)
            for address, why in made.failed:
                self.stderr.write(f"{address} could not be made: {why}")
            last = numbers[-1]
            if most and done >= most:
                break
        self.stdout.write(f"{done} pages are stored.")
        if failed:
            raise CommandError(
                f"{failed} pages answered with an error: they are named above, the log has the tracebacks."
            )
