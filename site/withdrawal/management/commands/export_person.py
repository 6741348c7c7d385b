"""Writes everything recorded about a person into a ZIP."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.actors import Actor
from consent.models import Person
from withdrawal.erasure.export import export


class Command(BaseCommand):
    help = "Writes everything recorded about a person (GDPR 15 and 20) as a ZIP of JSON and files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", type=int, help="the person's number")
        parser.add_argument("out", help="the ZIP to write; it must not exist yet")

    def handle(self, *_args: object, **options: Any) -> None:
        person = Person.objects.filter(pk=options["id"]).first()
        if person is None:
            raise CommandError(f"There is no person with the number {options['id']}.")
        path = Path(options["out"])
        try:
            # Only the operator may read the file, from the first byte on.
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as error:
            raise CommandError(
                f"{path} exists. Choose another file name; existing files are not overwritten."
            ) from error
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
        with os.fdopen(handle, "wb") as file:
            found = export(person=person, to=file, by=Actor.system("export_person"))
        rows = sum(map(len, found.rows.values()))
        self.stdout.write(f"{path}: {rows} records of {len(found.rows)} kinds, {len(found.files)} files.")
