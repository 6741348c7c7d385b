"""Give the roles the permissions that a new version of the site has added."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from config import roles


class Command(BaseCommand):
    help = "Give each role the permissions it is missing. Removes nothing; safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        missing = roles.apply()
        for name in missing:
            self.stdout.write(f"There is no permission {name}.")
        self.stdout.write(f"{len(roles.ROLES)} roles: " + ", ".join(role.name for role in roles.ROLES))
