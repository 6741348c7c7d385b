"""What a value of an outcome measure may be, and what it means: the rules of one scale. Pure, no database.

Measures as they come with the project are in `measures.starter`; editors keep theirs in `models.Measure`,
whose `scale` is one of these.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Words = str | Promise
# interval: equal steps mean equal amounts. score: points of items added up. level: named steps in an order.
# rating: how parents judged the change of one thing; kept apart from every scale.
Kind = Literal["interval", "score", "level", "count", "yes_no", "rating"]
Better = Literal["higher", "lower", ""]
ASSESSORS = ("clinician", "patient", "parent", "independent")

_NUMBER = re.compile(r"([+-]?)([0-9]+)(?:[.,]([0-9]+))?")
_BEFORE_A_LEVEL = re.compile(r"(level|grade|stage|score)\s+")


class Refused(ValueError):
    """A value that the measure cannot have; the message is the rule, for the editor."""


@dataclass(frozen=True)
class Level:
    """One step of a scale: `code` is what is written, `name` what it means in a few words, or ''."""

    code: str
    name: Words = ""

    @property
    def in_words(self) -> str:
        return f"{self.code}: {self.name}" if self.name else self.code


YES_NO = (Level("no", gettext_lazy("No")), Level("yes", gettext_lazy("Yes")))
RATINGS = (
    Level("worse", gettext_lazy("Worse")),
    Level("none", gettext_lazy("None")),
    Level("small", gettext_lazy("Small")),
    Level("moderate", gettext_lazy("Moderate")),
    Level("significant", gettext_lazy("Significant")),
)


@dataclass(frozen=True)
class Scale:
    """The rules of one outcome measure.

    `low`, `high`, `step`: of numbers, None where there is no end or no step. `levels`: from first to last.
    `better`: 'higher' is towards `high` or the last level. `difference`: the least change that matters to
    patients, never without `difference_source`. `ages`: whole years from and to, both included. `ceilings`:
    the highest value to expect at each level of the classification `ceilings_of`, for children who only grow
    up. `never_with`: keys of measures that are not to be put on one axis with this one or compared with it.
    """

    key: str
    name: str
    kind: Kind
    full_name: str = ""
    other_names: tuple[str, ...] = ()
    better: Better = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    step: float | None = None
    own_levels: tuple[Level, ...] = ()
    assessors: frozenset[str] = frozenset(("clinician", "independent"))
    is_classification: bool = False
    needs_side: bool = False
    needs_part: bool = False
    ages: tuple[int | None, int | None] = (None, None)
    difference: float | None = None
    difference_source: str = ""
    ceilings_of: str = ""
    ceilings: Mapping[str, float] = field(default_factory=dict)
    ceilings_source: str = ""
    never_with: frozenset[str] = frozenset()
    note: str = ""
    source: str = ""

    @property
    def levels(self) -> tuple[Level, ...]:
        return {"yes_no": YES_NO, "rating": RATINGS, "level": self.own_levels}.get(self.kind, ())

    @property
    def range_in_words(self) -> str:
        """'0 to 100', 'I to V', 'from 0 up', or '' where a number may be anything."""
        if self.levels:
            return _("%(low)s to %(high)s") % {"low": self.levels[0].code, "high": self.levels[-1].code}
        if self.low is not None and self.high is not None:
            return _("%(low)s to %(high)s") % {"low": plain(self.low), "high": plain(self.high)}
        if self.low is not None:
            return _("from %(low)s up") % {"low": plain(self.low)}
        return _("up to %(high)s") % {"high": plain(self.high)} if self.high is not None else ""

    @property
    def unit_in_words(self) -> str:
        """'points, 0 to 100': what stands beside the name in a table."""
        shown = "" if self.kind in {"count", "yes_no", "rating"} else self.range_in_words
        return ", ".join(part for part in (self.unit, shown) if part)

    def read(self, typed: str) -> str:
        """The value as it is kept: 'iii' is 'III', '55,6' is '55.6'. Raises Refused with the rule."""
        text = " ".join(unicodedata.normalize("NFKC", typed).replace("\u2212", "-").split())
        return self._read_level(text) if self.levels else self._read_number(text)

    def position(self, value: str) -> float:
        """Where a kept value lies on an axis: the number, or the place of its level, from 0.

        Raises Refused.
        """
        kept = self.read(value)
        if self.levels:
            return float([level.code for level in self.levels].index(kept))
        return float(kept)

    def shown(self, value: str) -> str:
        """A kept value as readers see it: 'Yes', 'Moderate', 'III', '55.6'."""
        if self.kind in {"yes_no", "rating"}:
            return next((str(level.name) for level in self.levels if level.code == value), value)
        return value

    def covers_age(self, years: int, months_later: int) -> bool:
        """Whether someone who was `years` old (whole years) may be of the measure's age `months_later`.

        Whole years leave a year of doubt: only who is certainly too young or too old is not covered.
        """
        youngest, oldest = years + months_later / 12, years + 1 + months_later / 12
        least, greatest = self.ages
        return (least is None or oldest > least) and (greatest is None or youngest < greatest + 1)

    def _read_level(self, text: str) -> str:
        wanted = _BEFORE_A_LEVEL.sub("", text.casefold())
        for level in self.levels:
            if wanted in {level.code.casefold(), str(level.name).casefold() or None}:
                return level.code
        rule = _(
            "%(measure)s runs from %(low)s to %(high)s: ‘%(value)s’ is not one of its levels (%(levels)s)."
        )
        if self.kind in {"yes_no", "rating"}:
            rule = _("%(measure)s is one of %(levels)s: ‘%(value)s’ is not one of them.")
        raise Refused(
            rule
            % {
                "measure": self.name,
                "low": self.levels[0].code,
                "high": self.levels[-1].code,
                "value": text,
                "levels": ", ".join(level.code for level in self.levels),
            }
        )

    def _read_number(self, text: str) -> str:
        words = {"measure": self.name, "value": text, "range": self.range_in_words, "step": self.step}
        match = _NUMBER.fullmatch(text)
        if not match or len(text) > 20:
            raise Refused(
                _("%(measure)s is a number: ‘%(value)s’ is not. Write only the number, e.g. 55.6.") % words
            )
        sign, whole, part = match.groups()
        if part and "," in text and len(part) == 3:
            # 1,200 is twelve hundred to one reader and one and a fifth to another.
            raise Refused(_("‘%(value)s’ can be read in two ways. Write 1200, or 1.2 with a point.") % words)
        number = float(f"{sign}{whole}.{part or 0}")
        if self.kind == "count" and (part and int(part)):
            raise Refused(
                _("%(measure)s is counted in whole numbers: ‘%(value)s’ is not a whole number.") % words
            )
        if (self.low is not None and number < self.low) or (self.high is not None and number > self.high):
            if self.low is not None and self.high is not None:
                raise Refused(_("%(measure)s runs from %(range)s: %(value)s is outside.") % words)
            raise Refused(_("%(measure)s goes %(range)s: %(value)s is outside.") % words)
        if self.step:
            steps = (number - (self.low or 0)) / self.step
            if abs(steps - round(steps)) > 1e-6:
                raise Refused(
                    _("%(measure)s goes in steps of %(step)s: %(value)s lies between two of them.")
                    % {**words, "step": plain(self.step)}
                )
        if self.kind == "count":
            return str(int(number))
        negative = "-" if sign == "-" and number else ""
        return f"{negative}{int(whole)}.{part}" if part else f"{negative}{int(whole)}"


def plain(number: float) -> str:
    """A number without needless zeros: '100', '96.8', '0.16'."""
    return f"{round(number, 6):.10g}"


def recognised(name: str, scale: Scale) -> tuple[str, str] | None:
    """The side and the part of the body in the name of a measure as typed, if it names `scale`.

    'Modified Ashworth Scale, right calf' names that scale: ('right', 'calf'). 'GMFM-66' gives ('', ''). None
    where it is another measure, or says something that the scale has no place for.
    """
    head, _comma, tail = (" ".join(part.split()).casefold() for part in name.partition(","))
    if head not in {known.casefold() for known in (scale.name, scale.full_name, *scale.other_names) if known}:
        return None
    words = [word for word in tail.split() if word not in {"total", "score"}]
    side = next((word for word in words if word in {"left", "right", "both"}), "")
    part = " ".join(word for word in words if word != side and word not in {"sides", "side", "eye"})
    if (part and not scale.needs_part) or (side and not scale.needs_side):
        return None
    return side, part
