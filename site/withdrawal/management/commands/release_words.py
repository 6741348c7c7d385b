"""Lets a page publish words that the gate takes for someone else's. Kept in the audit trail."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from wagtail.models import Page

from audit.actors import Actor
from publication.drafts import draft_of
from withdrawal import remembered


class Command(BaseCommand):
    help = (
        "Forgets that the words on a page were withdrawn, because they are not one person's alone: a quoted "
        "poem, a note on how stories are made. Ask a consent officer before."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("page", type=int, help="the page's number")
        parser.add_argument("--reason", required=True, help="why; kept in the audit trail")
        parser.add_argument("--user", required=True, help="the name of the user who decides this")

    def handle(self, *_args: object, **options: Any) -> None:
        user = get_user_model().objects.filter(username=options["user"], is_active=True).first()
        page = Page.objects.filter(pk=options["page"]).first()
        if user is None or page is None:
            raise CommandError("There is no such active user or no such page.")
        try:
            count = remembered.release(page=draft_of(page), by=Actor.of(user), reason=options["reason"])
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{count} hashes of withdrawn words forgotten.")
