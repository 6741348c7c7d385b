"""Recognises dates that say more than the year, as they are written in the languages of the site. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import regex

from deidentification.identifiers.vocabulary import one_of, sections

# A word of another meaning in small letters ('mai' is 'more' in Romanian) is a month only before a year.
_WITH_YEAR = r"(?:mai|Mai)"
_EN, _OTHER = one_of("english months"), one_of("months")
_ORDINAL = rf"(?i:{one_of('ordinals')})"
_DAY = r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th|º|°|er|-?го|-?е)?\.?"
_YEAR = r"(?:,?(?: (?:de|del|of|anul))? (?:\d{4}\b|['’]\d\d\b)(?: г(?:ода|\.)?)?)"
_OF = r"(?: (?:of|de|di|do|den|din))?"
_ROMAN = r"(?:VIII|VII|VI|IV|IX|XII|XI|III|II|I|V|X)"
_D, _M, _Y = r"(?:[12]\d|3[01]|0?[1-9])", r"(?:1[0-2]|0?[1-9])", r"(?:18|19|20)\d\d"
_WRITTEN = (
    rf"{_DAY}{_OF} (?:{_EN})\b\.?{_YEAR}?",
    rf"(?:{_EN})\b\.? (?:the )?{_DAY}(?![:\d%]){_YEAR}?",
    rf"(?:the )?{_DAY} of the {_DAY}(?:,? (?:of )?\d{{2,4}}\b)?",
    rf"{_DAY}{_OF} (?i:{_OTHER})\b\.?{_YEAR}?",
    rf"(?i:{_OTHER}) {_DAY}\b(?!:){_YEAR}?",
    rf"{_DAY}{_OF} {_WITH_YEAR}{_YEAR}",
    rf"(?:\d{{4}}\. )?(?:{one_of('months before the day')}) {_D}\.?",
)
_IN_NUMBERS = (
    # The day or the month first; a score of '3/4' has no third number.
    rf"{_D}[./-]{_M}[./-](?:{_Y}|\d\d)",
    rf"{_M}[./-]{_D}[./-](?:{_Y}|\d\d)",
    rf"{_D} ?[./-] ?{_M} ?[./-] ?{_Y}",
    rf"{_Y}[./-]{_M}[./-]{_D}",
    rf"{_D}[. /-]{_ROMAN}[. /-]{_Y}",
    rf"{_Y}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])",
    rf"(?:\d{{4}} ?年 ?)?{_M} ?月 ?{_D} ?日",
    rf"(?:\d{{4}}년 ?)?{_M}월 ?{_D}일",
)
DATE = regex.compile(rf"(?<![\w.])(?:{'|'.join((*_WRITTEN, *_IN_NUMBERS))})(?![\d]|[./-]\d)")
# Without digits: 'the third of May'.
IN_WORDS = regex.compile(
    rf"(?<!\w)(?:(?:the )?{_ORDINAL} of (?:{_EN})\b{_YEAR}?|(?:{_EN}) (?:the )?{_ORDINAL}\b{_YEAR}?)"
)
# 'Born in May 2019': a month says more about a birth than about anything else.
BORN = regex.compile(
    rf"(?i:\b(?:{one_of('births')}))(?: (?:is|was|on|in|en|em|la|în|в|w|le|around))*:?"
    rf" (?P<found>(?:{_EN}|(?i:{_OTHER}))\b{_YEAR}?)"
)


def months_of(day: date) -> Iterator[str]:
    """Yield the month and year of a day as they may be written: 'May 2019', '05/2019'."""
    for section in ("english months", "months"):
        yield from (f"{name} {day.year}" for name in sections()[section][day.month - 1])
    yield from (f"{day.month:02}/{day.year}", f"{day.month}/{day.year}", f"{day.year}-{day.month:02}")


def year_only(match: str) -> str:
    """Return '[in 2019]' for a date with a year, else '[a date]'."""
    year = regex.search(_Y, match)
    return f"[in {year.group()}]" if year else "[a date]"
