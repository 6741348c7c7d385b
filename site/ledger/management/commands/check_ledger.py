"""Compares the database with the ledger, as every start of the site does."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ledger import guard, stores


class Command(BaseCommand):
    help = (
        "Compares the database with the ledger of withdrawals, verifies every seal, and carries out again "
        "what the database lacks. Each start of the site does the same. Ends with status 1 while nothing "
        "about people can be shown, and says why."
    )

    def handle(self, *_args: object, **_options: Any) -> None:
        found = guard.check()
        self.stdout.write(f"The ledger is {stores.store().place}.")
        self.stdout.write(f"{found.applied} decisions carried out again, {found.written} written later.")
        faults = [] if found.problems else stores.store().read().faults
        lines = [f"{problem.text} {problem.details}".strip() for problem in found.problems]
        if lines or faults:
            raise CommandError("\n".join([*lines, *faults]))
        self.stdout.write("Everything in the ledger is in the database.")
