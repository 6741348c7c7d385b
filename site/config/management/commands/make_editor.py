from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.utils import OperationalError, ProgrammingError

from config import editor_account


class Command(BaseCommand):
    help = "Shows the demo editor's login, and creates the account if there is none."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reset", action="store_true", help="Give the account a new password.")

    def handle(self, *args: Any, reset: bool, **options: Any) -> None:
        try:
            if reset:
                editor_account.reset()
            else:
                editor_account.ensure()
        except (OperationalError, ProgrammingError) as error:
            raise CommandError("There is no database yet. `make run` creates it.") from error
        password = editor_account.kept_password()
        if password is None:
            raise CommandError(
                f"The password of '{editor_account.USERNAME}' was changed in the admin, so it is not known "
                "here. `make login RESET=1` gives the account a new one."
            )
        self.stdout.write(f"User:      {editor_account.USERNAME}\nPassword:  {password}")
