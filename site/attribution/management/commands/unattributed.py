"""Lists the public pages that quote or show someone without saying whom."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandParser

from attribution import rules
from attribution.pages import NamesPeople
from publication.mixins import AboutPerson


class Command(BaseCommand):
    help = (
        "Lists the public pages with a quote, picture or recording of which no one has said whose it is. "
        "They stay public until they are published again. Changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object for each page")

    def handle(self, *args: Any, **options: Any) -> None:
        number = 0
        for page in _pages():
            found = rules.reasons(page)
            if not found:
                continue
            number += 1
            texts = [reason.text for reason in found]
            if options["json"]:
                self.stdout.write(json.dumps({"page": page.pk, "title": page.title, "missing": texts}))
                continue
            self.stdout.write(f"{page.pk}: {page.title} ({page.url or '-'})")
            for text in texts:
                self.stdout.write(f"  {text}")
        if not options["json"]:
            self.stdout.write(f"{number} public pages lack a person, a reason or a consent.")


def _pages() -> Iterator[Any]:
    for model in apps.get_models():
        kind: Any = model
        if issubclass(kind, NamesPeople) and not issubclass(kind, AboutPerson):
            pages: Any = kind
            yield from pages._default_manager.filter(live=True, alias_of=None).order_by("pk").iterator(100)
