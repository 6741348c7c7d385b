"""Checks that apps above add for every uploaded file, whatever its type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.files.base import File

# Each raises ValidationError for a file that is refused. It gets the file at its start and may leave it
# anywhere.
upload_checks: list[Callable[[File[Any]], None]] = []


def run_upload_checks(file: File[Any]) -> None:
    """Run all checks on `file` and return it to its start. Raises ValidationError if a check refuses the
    file.
    """
    for check in upload_checks:
        file.seek(0)
        check(file)
    file.seek(0)
