"""The limits of this site, from its settings."""

from __future__ import annotations

from django.conf import settings

from disclosure_control.rules import Rules


def rules() -> Rules:
    """Return the limits as the settings give them. Raises ValueError for a limit below 1."""
    return Rules(
        smallest=settings.DISCLOSURE_SMALLEST,
        base=settings.DISCLOSURE_BASE,
        fewest=settings.DISCLOSURE_FEWEST,
    )
