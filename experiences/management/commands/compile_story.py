"""Make a draft story from an interview's excerpts, or update its draft."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from experiences.compiling.quotes import Change
from experiences.compiling.service import CompileResult, compile_story
from interviews.models import Interview
from interviews.services import Refused


class Command(BaseCommand):
    help = (
        "Makes a draft story from an interview's excerpts. Run again, it adds and updates quotes that no "
        "editor rewrote. Never publishes."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("interview", type=int, metavar="INTERVIEW_ID")
        parser.add_argument("--by", metavar="USERNAME", help="The user who compiles; the system without it.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would be done; change nothing.")
        parser.add_argument("--json", action="store_true", help="Print one JSON object.")

    def handle(
        self, *args: Any, interview: int, by: str | None, dry_run: bool, json: bool, **options: Any
    ) -> None:
        found = Interview.objects.filter(pk=interview).first()
        if found is None:
            raise CommandError(f"There is no interview {interview}.")
        user = None
        if by is not None:
            user = User.objects.filter(username=by).first()
            if user is None:
                raise CommandError(f"There is no user ‘{by}’.")
        try:
            with transaction.atomic():
                result = compile_story(interview=found, by=user)
                if dry_run:
                    transaction.set_rollback(True)
        except Refused as refused:
            raise CommandError(f"Interview {interview}: {refused}") from refused
        self.stdout.write(as_json(result, dry_run=dry_run) if json else in_words(result, dry_run=dry_run))


def as_json(result: CompileResult, *, dry_run: bool) -> str:
    """Return the JSON that scripts depend on: page (null in a dry run that creates it), created, updated,
    kept.
    """

    def named(changes: list[Change]) -> list[dict[str, Any]]:
        return [
            {"kind": change.kind, "excerpt": change.excerpt, "part": change.part, "key": change.key}
            for change in changes
        ]

    return json.dumps(
        {
            "page": None if dry_run and result.created else result.page.pk,
            "created": result.created,
            "updated": named(result.applied),
            "kept": named(result.kept),
            "dry_run": dry_run,
        }
    )


def in_words(result: CompileResult, *, dry_run: bool) -> str:
    kinds = Counter(change.kind for change in result.applied)
    done = ", ".join(f"{number} × {kind}" for kind, number in kinds.items()) or "nothing to change"
    page = "a new draft" if dry_run and result.created else f"page {result.page.pk}"
    kept = f" {len(result.kept)} kept as the editor wrote them." if result.kept else ""
    return (
        f"{'Would be: ' if dry_run else ''}{page} {'created' if result.created else 'updated'}: {done}.{kept}"
    )
