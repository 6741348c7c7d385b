"""What a report is made of: tables, drawings and measures in words, ready for the page and for the PDF."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages.numbers import figure
from pages.wording import period

WITHHELD = gettext_lazy("not shown")
Draw = Callable[..., str]


@dataclass(frozen=True)
class Table:
    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Drawing:
    """`svg` for the page, `for_print` for the PDF, `alt` for readers who see neither."""

    caption: str
    svg: SafeString
    for_print: str
    alt: str


@dataclass(frozen=True)
class ShownMeasure:
    name: str
    id: str
    facts: list[tuple[str, str]]
    chart: Drawing | None
    tables: list[Table]


@dataclass(frozen=True)
class ShownReport:
    title: str
    facts: list[tuple[str, str]]
    sentence: str
    method: list[str]
    flow: Drawing | None
    people: list[Table]
    measures: list[ShownMeasure]
    limits: list[str]
    conflicts: str
    reference: str
    doi: str
    is_sample: bool
    notes: list[str] = field(default_factory=list)


def drawn(draw: Draw, what: Sequence[Any], name: str, title: str, alt: str) -> Drawing:
    """Draw `what` twice, for the page and for paper."""
    page = draw(what, name=name, title=title, description=alt, for_print=False)
    paper = draw(what, name=name, title=title, description=alt, for_print=True)
    return Drawing(title, mark_safe(page), paper, alt)  # what people typed was escaped where it was drawn


def number_words(number: int | None) -> str:
    """Return a number, or 'not shown' for one that is withheld."""
    return str(WITHHELD) if number is None else figure(number)


def time_words(months: int) -> str:
    """Return a time after treatment: '12 months', not 'a year', next to '6 months'."""
    return period(months) if months != 12 else _("12 months")
