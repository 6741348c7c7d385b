"""The publication checklist of one page, for operators and programs."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from wagtail.models import Page

from publication.checklist import State, checklist
from publication.drafts import draft_of
from publication.mixins import AboutPerson

SIGNS = {State.DONE: "✓", State.STOPS: "✕", State.LOOK: "▲", State.ADVICE: "–"}


class Command(BaseCommand):
    help = (
        "Prints what stops publication of the newest draft of a page. Exits with status 1 if anything does."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("page", type=int, help="the id of the page")
        parser.add_argument("--json", action="store_true", help="one line of JSON, for programs")

    def handle(self, *_args: object, page: int, **options: Any) -> None:
        found = Page.objects.filter(pk=page).first()
        specific = found.specific if found else None
        if not isinstance(specific, AboutPerson):
            raise CommandError(f"There is no page about a person with the id {page}.")
        listed = checklist(draft_of(specific))
        if options["json"]:
            self.stdout.write(json.dumps(listed.as_json(), ensure_ascii=False))
        else:
            for section in listed.sections:
                self.stdout.write(f"{section.label}: {section.summary}")
                for line in section.lines:
                    self.stdout.write(f"  {SIGNS[line.state]} {line.title} {line.why}".rstrip())
        if listed.stopping:
            raise SystemExit(1)
