"""Files that are refused for what they are about, whatever they are: rooms above add their reasons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.files.base import File

# `refusal(file)` raises ValidationError. It finds the file at its start, and need not leave it there.
refusals: list[Callable[[File[Any]], None]] = []


def ask(file: File[Any]) -> None:
    """Raise what any of the refusals raises. The position in the file is put back to its start."""
    for refusal in refusals:
        file.seek(0)
        refusal(file)
    file.seek(0)
