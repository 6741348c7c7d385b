"""Erases everything recorded about a person."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.actors import Actor
from consent.models import Person
from withdrawal.erasure.personal_data import collect
from withdrawal.erasure.services import erase_person


class Command(BaseCommand):
    help = (
        "Erases everything recorded about a person (GDPR 17). Cannot be undone: run export_person first "
        "if they asked for it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", type=int, help="the person's number")
        parser.add_argument(
            "--yes", action="store_true", help="erase; without this option only count what would be erased"
        )
        parser.add_argument("--json", action="store_true", help="print one line of JSON at the end")

    def handle(self, *_args: object, **options: Any) -> None:
        person = Person.objects.filter(pk=options["id"]).first()
        if person is None:
            raise CommandError(
                f"There is no person with the number {options['id']}. The admin lists them under People."
            )
        counts: dict[str, int] = {}
        for label, _key in collect(person):
            counts[label] = counts.get(label, 0) + 1
        for label, count in sorted(counts.items()):
            self.stdout.write(f"{count:6} {label}")
        if not options["yes"]:
            self.stdout.write("Nothing was erased. Add --yes to erase all of this.")
            return
        withdrawal = erase_person(person=person, by=Actor.system("erase_person"))
        steps = list(withdrawal.steps.values("surface", "count", "state", "error"))
        if options["json"]:
            receipt = {"person": person.pk, "receipt": str(withdrawal.number), "rows": counts, "steps": steps}
            self.stdout.write(json.dumps(receipt, default=str))
        if any(step["state"] != "done" for step in steps):
            raise CommandError(
                "Some steps have not succeeded yet. The worker and manage.py finish_takedowns retry them."
            )
