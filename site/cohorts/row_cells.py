"""Reads the single cells of case rows. Pure; raises BadCell with what to correct."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from pages.age_bands import age_band

RESULTS = {
    "improved": "improved",
    "better": "improved",
    "no change": "unchanged",
    "unchanged": "unchanged",
    "same": "unchanged",
    "worse": "worse",
}
SEXES = {"female": "female", "f": "female", "male": "male", "m": "male", "other": "other", "o": "other"}
OLDEST = 120
# Fits the columns of the database: nine digits, three of them after the point.
LARGEST = Decimal(1_000_000)
# 1,200 is twelve hundred to one reader and one and a fifth to another.
_TWO_WAYS = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")


class BadCell(Exception):
    """One cell cannot be read; `text` says what to write there."""

    def __init__(self, column: str, text: str) -> None:
        super().__init__(text)
        self.column, self.text = column, text


def day_of(text: str, column: str, today: dt.date) -> dt.date | None:
    """Return a day up to today; None for an empty cell."""
    if not text:
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise BadCell(column, _("Write the day as 2024-05-31: year, month, day.")) from None
    if day > today:
        raise BadCell(column, _("This day is in the future."))
    if day.year < 1900:
        raise BadCell(column, _("This day is before 1900."))
    return day


def age_band_of(text: str) -> str:
    if not text:
        return ""
    try:
        years = int(text)
    except ValueError:
        raise BadCell("age", _("The age is a whole number of years.")) from None
    if not 0 <= years <= OLDEST:
        raise BadCell("age", _("An age lies between 0 and 120 years."))
    return age_band(years)


def sex_of(text: str) -> str:
    found = SEXES.get(text.casefold(), "") if text else ""
    if text and not found:
        raise BadCell("sex", _("Write female, male or other."))
    return found


def number_of(text: str, column: str) -> Decimal:
    if _TWO_WAYS.fullmatch(text):
        raise BadCell(
            column,
            _("‘%(value)s’ can be read in two ways. Write 1200, or 1.2 with a point.") % {"value": text},
        )
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise BadCell(column, _("“%(text)s” is not a number.") % {"text": text[:40]}) from None
    # Decimal takes 1_0 for ten.
    if not number.is_finite() or "_" in text:
        raise BadCell(column, _("“%(text)s” is not a number.") % {"text": text[:40]})
    return number


def value_of(text: str) -> Decimal | None:
    if not text:
        return None
    number = number_of(text, "value")
    # abs() of a number beyond what Decimal can count with raises Overflow; a comparison does not.
    if not -LARGEST < number < LARGEST:
        raise BadCell("value", _("A value lies below a million."))
    return number.quantize(Decimal("0.001"))


def result_of(text: str) -> str:
    found = RESULTS.get(text.casefold(), "") if text else ""
    if text and not found:
        raise BadCell("result", _("Write improved, no change or worse."))
    return found
