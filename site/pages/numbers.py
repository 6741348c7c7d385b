"""Numbers as readers see them: whole numbers in their language, and shares in per cent."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import gettext as _


def figure(number: int) -> str:
    """Return a whole number in the reader's language, with separators: 1,240."""
    return str(number_format(number, decimal_pos=0, use_l10n=True, force_grouping=True))


def share(part: int, whole: int) -> str:
    """Return whole per cent, halves rounded up.

    'under 1%' instead of a 0 that would hide people; a dash where there is no whole.
    """
    if not whole:
        return "–"
    percent = (200 * part + whole) // (2 * whole)
    return _("under 1%") if part and not percent else f"{percent}%"
