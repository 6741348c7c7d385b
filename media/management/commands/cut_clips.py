from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from media import clip_tasks
from media.models import Clip, ClipState


class Command(BaseCommand):
    help = (
        "Put unfinished clips back into the queue, and remove unused clips and folders of killed workers. "
        "Safe at any time. With --now, cut the clips here instead of in the queue."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--now", action="store_true", help="cut the clips here and wait until all are finished"
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
        parser.add_argument("--json", action="store_true", help="end with one line of JSON")

    def handle(self, *_args: object, now: bool, dry_run: bool, **options: Any) -> None:
        unfinished = (
            list(Clip.objects.unfinished().values_list("pk", flat=True)) if now and not dry_run else []
        )
        swept = clip_tasks.sweep(dry_run=dry_run, enqueue=not now)
        bar = sys.stderr.isatty() and not options["json"]
        for number, pk in enumerate(unfinished, 1):
            clip_tasks.make(pk)
            if bar:
                self.stderr.write(
                    f"\r{number} of {len(unfinished)} clips", ending="" if number < len(unfinished) else "\n"
                )
        failed = list(Clip.objects.filter(state=ClipState.FAILED).order_by("pk"))
        if options["json"]:
            errors = [{"clip": clip.pk, "reason": clip.error} for clip in failed]
            self.stdout.write(json.dumps(asdict(swept) | {"failed": errors, "dry_run": dry_run}))
        else:
            self.print_report(swept, failed, now=now, dry_run=dry_run)
        if failed:
            raise CommandError(f"Could not be cut: {len(failed)} of {Clip.objects.count()} clips.")

    def print_report(
        self, swept: clip_tasks.SweepReport, failed: list[Clip], *, now: bool, dry_run: bool
    ) -> None:
        done = "cut" if now else "put into the queue"
        would = "would be " if dry_run else ""
        self.stdout.write(
            f"{swept.unfinished} clips {would}{done}, {swept.removed} unused ones {would}removed."
        )
        for clip in failed:
            self.stdout.write(f"{clip}: {clip.error}")
        if dry_run:
            self.stdout.write("Dry run: nothing was changed.")
