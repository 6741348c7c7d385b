"""Words and labels made from a story's data. No database."""

from __future__ import annotations

from django.utils.translation import gettext, ngettext


def when(months: int | None) -> str:
    """Return a time relative to treatment: '3 months before', 'Treatment', '1 month'.

    Exact dates are private.
    """
    if months is None:
        return ""
    if months == 0:
        return gettext("Treatment")
    count = abs(months)
    if months < 0:
        return ngettext("%(n)s month before", "%(n)s months before", count) % {"n": count}
    return ngettext("%(n)s month", "%(n)s months", count) % {"n": count}


def months_words(months: int | None) -> str:
    """Return '12 months', or '' if the number is not known."""
    return ngettext("%(n)s month", "%(n)s months", months) % {"n": months} if months else ""


def minutes_words(minutes: int) -> str:
    return ngettext("%(n)s minute to read", "%(n)s minutes to read", minutes) % {"n": minutes}


def iso_duration(seconds: float) -> str:
    """Return a duration for schema.org (ISO 8601): 'PT1M32S'."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "H"), (minutes, "M"), (rest, "S"))
    return "PT" + ("".join(f"{number}{unit}" for number, unit in parts if number) or "0S")
