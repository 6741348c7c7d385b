"""What the commands of this app share: users, the report file, the report on the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from importing.report import Line, Report


def user_named(name: str) -> Any:
    """Return the user, None for ''. Raises CommandError."""
    if not name:
        return None
    model = get_user_model()
    try:
        return model.objects.get_by_natural_key(name)
    except model.DoesNotExist as error:
        raise CommandError(f"There is no user ‘{name}’.") from error


def report_path(given: Path | None, what: str) -> Path:
    """Return where the report goes: the file that was asked for, else one in the site's own folder."""
    if given is not None:
        return given
    now = timezone.localtime()
    return Path(settings.VAR) / "imports" / f"{what}-{now:%Y-%m-%d-%H%M%S}.csv"


def print_report(command: BaseCommand, report: Report, *, dry_run: bool, file: Path) -> None:
    """Print the lines that need attention, then the counts."""
    for line in report.lines:
        command.stdout.write(told(line))
    if report.hidden:
        command.stdout.write(f"… and {report.hidden} more rows with notes, all in the report file.")
    for note in report.notes:
        command.stdout.write(note)
    counts = ", ".join(f"{count} {name}" for name, count in report.as_dict().items() if name != "notes")
    command.stdout.write(f"{'Nothing was written. Without --dry-run: ' if dry_run else ''}{counts}.")
    command.stdout.write(f"Report: {file}")


def told(line: Line) -> str:
    """Return a line of the report for the terminal."""
    title = f": {line.title}" if line.title else ""
    return f"{line.action:>9}  {line.place}{title}" + "".join(f"\n           {note}" for note in line.notes)
