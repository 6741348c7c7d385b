"""Begins a new ledger after the former one was lost or altered. A deliberate act, kept in the audit trail."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from audit.actors import Actor
from ledger import accepting, guard, stores


class Command(BaseCommand):
    help = (
        "Begins a new ledger with the decisions that the database and the readable part of the present "
        "ledger hold. What was decided after the database's backup, and is in no ledger, cannot be known: "
        "ask the consent officers before you run it. Pages about people are shown again afterwards."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reason", required=True, help="why; kept in the audit trail")
        parser.add_argument("--user", required=True, help="the name of the user who decides this")

    def handle(self, *_args: object, **options: Any) -> None:
        user = get_user_model().objects.filter(username=options["user"], is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active user {options['user']!r}.")
        try:
            kept = accepting.accept(by=Actor.of(user), reason=options["reason"])
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"A new ledger begins at {stores.store().place}.")
        if kept:
            self.stdout.write(f"The former one is kept at {kept}.")
        if not guard.is_open():
            raise CommandError("\n".join(str(problem.text) for problem in guard.problems()))
