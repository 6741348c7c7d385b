"""Names for stored files that cannot be guessed."""

from __future__ import annotations

import secrets
from pathlib import PurePosixPath

from django.utils.text import slugify

LONGEST_STEM = 40


def safe_name(filename: str, fallback: str) -> str:
    """Return `filename` with its suffix in lower-case ASCII letters, digits and hyphens; at most 50."""
    path = PurePosixPath(filename.replace("\\", "/"))
    stem = slugify(path.stem)[:LONGEST_STEM].strip("-_") or fallback
    suffix = slugify(path.suffix.lstrip("."))[:8]
    return f"{stem}.{suffix}" if suffix else stem


def unguessable_path(kind: str, filename: str) -> str:
    """Return `<kind>/<22 random characters>/<safe name>`, at most 100 characters for a kind of up to 25.

    With 128 random bits, the address of a file reveals nothing about the address of another.
    """
    return f"{kind}/{secrets.token_urlsafe(16)}/{safe_name(filename, fallback=kind.rstrip('s'))}"
