"""What became of everyone treated, as numbers that fit together: the one place for their names and their
rules. Pure.

improved + unchanged + worse = followed up <= treated
lost to follow-up = treated - followed up
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from pages.numbers import figure
from uploads.errors import EditorError

OutcomeName = Literal["improved", "unchanged", "worse", "lost"]

FOLLOWED_UP: tuple[OutcomeName, ...] = ("improved", "unchanged", "worse")
# In the order in which they are drawn, listed and told.
OUTCOMES: tuple[OutcomeName, ...] = (*FOLLOWED_UP, "lost")
# The CSS class that draws each: that of the story ending (`pages.choices.Outcome`) it corresponds to.
SHAPES: dict[OutcomeName, str] = {"improved": "good", "unchanged": "same", "worse": "worse", "lost": "none"}


@dataclass(frozen=True)
class Problem:
    """`field`: the number to correct; `text`: the rule, with the numbers that break it."""

    field: str
    text: str


class ImpossibleCounts(EditorError):
    """The numbers contradict each other; the message says which rule they break."""


@dataclass(frozen=True, slots=True)
class OutcomeGroup:
    """Outcomes that are published together, usually one, and the number of people in all of them."""

    names: tuple[OutcomeName, ...]
    count: int

    @property
    def shape(self) -> str:
        """The CSS class that draws it."""
        return SHAPES[self.names[0]] if len(self.names) == 1 else "mixed"


@dataclass(frozen=True, slots=True)
class OutcomeCounts:
    """People by what happened to them. `lost`: treated, and lost to follow-up. Raises ImpossibleCounts below
    0.
    """

    improved: int
    unchanged: int
    worse: int
    lost: int

    def __post_init__(self) -> None:
        _refuse(_below_zero({name: self.of(name) for name in OUTCOMES}))

    @classmethod
    def of_treated(cls, treated: int, improved: int = 0, unchanged: int = 0, worse: int = 0) -> OutcomeCounts:
        """Count everyone treated. Raises ImpossibleCounts where more were followed up than treated."""
        return cls.of_figures(treated, improved + unchanged + worse, improved, unchanged, worse)

    @classmethod
    def of_figures(
        cls, treated: int, followed_up: int, improved: int, unchanged: int, worse: int
    ) -> OutcomeCounts:
        """Take in figures as an editor or a source gives them. Raises ImpossibleCounts where they break a
        rule.
        """
        found = problems(
            treated=treated, followed_up=followed_up, improved=improved, unchanged=unchanged, worse=worse
        )
        _refuse(found)
        return cls(improved, unchanged, worse, treated - followed_up)

    def of(self, name: OutcomeName) -> int:
        return int(getattr(self, name))

    @property
    def groups(self) -> tuple[OutcomeGroup, ...]:
        """Each outcome on its own."""
        return tuple(OutcomeGroup((name,), self.of(name)) for name in OUTCOMES)

    @property
    def followed_up(self) -> int:
        return self.improved + self.unchanged + self.worse

    @property
    def treated(self) -> int:
        return self.followed_up + self.lost


def problems(
    *,
    treated: int | None,
    followed_up: int | None,
    improved: int | None,
    unchanged: int | None,
    worse: int | None,
    lost: int | None = None,
) -> list[Problem]:
    """Return every rule that figures break. A number that is not given breaks none.

    `lost` may be left out: it follows from the others.
    """
    parts = {"improved": improved, "unchanged": unchanged, "worse": worse}
    found = _below_zero({"treated": treated, "followed_up": followed_up, **parts, "lost": lost})
    if found or followed_up is None:
        return found
    return [
        *_more_than_treated(treated, followed_up),
        *_other_sum(followed_up, parts),
        *_other_lost(treated, followed_up, lost),
    ]


def _below_zero(numbers: dict[str, int | None] | dict[OutcomeName, int]) -> list[Problem]:
    wrong = [field for field, number in numbers.items() if number is not None and number < 0]
    return [Problem(field, _("A number of people cannot be below zero.")) for field in wrong]


def _more_than_treated(treated: int | None, followed_up: int) -> Iterator[Problem]:
    if treated is None:
        text = _("Enter how many people were treated: a number followed up means nothing without it.")
        yield Problem("followed_up", text)
    elif followed_up > treated:
        text = _("More people were followed up (%(followed)s) than were treated (%(treated)s).")
        yield Problem("followed_up", text % {"followed": figure(followed_up), "treated": figure(treated)})


def _other_sum(followed_up: int, parts: dict[str, int | None]) -> Iterator[Problem]:
    known = [number for number in parts.values() if number is not None]
    if len(known) == len(parts) and sum(known) != followed_up:
        text = _(
            "Improved, no change and worse add up to %(sum)s, but %(followed)s were followed up. "
            "The two numbers must be equal."
        )
        yield Problem("followed_up", text % {"sum": figure(sum(known)), "followed": figure(followed_up)})


def _other_lost(treated: int | None, followed_up: int, lost: int | None) -> Iterator[Problem]:
    if lost is None or treated is None or followed_up > treated or lost == treated - followed_up:
        return
    text = _(
        "‘Lost to follow-up’ must equal treated minus followed up: %(treated)s minus %(followed)s is "
        "%(lost)s."
    )
    numbers = {"treated": treated, "followed": followed_up, "lost": treated - followed_up}
    yield Problem("lost", text % {name: figure(number) for name, number in numbers.items()})


def _refuse(found: list[Problem]) -> None:
    if found:
        raise ImpossibleCounts(" ".join(dict.fromkeys(problem.text for problem in found)))
