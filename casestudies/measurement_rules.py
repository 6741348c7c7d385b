"""Rules for one person's measurements: what is refused, and what an editor is warned of. Pure.

For the editor's form and for importers alike: an importer asks `problems` before it writes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, Protocol

from django.utils.translation import gettext as _

from figures import relative_time
from measures.scales import Refused, Scale

Phase = Literal["baseline", "follow_up"]


class Measurement(Protocol):
    """One value as it is typed or stored. `scale` is None for a measure that is not in the list."""

    @property
    def scale(self) -> Scale | None: ...
    @property
    def months(self) -> int: ...
    @property
    def value(self) -> str: ...
    @property
    def phase(self) -> str: ...
    @property
    def assessed_by(self) -> str: ...
    @property
    def side(self) -> str: ...
    @property
    def part(self) -> str: ...
    @property
    def observed_on(self) -> dt.date | None: ...


@dataclass(frozen=True)
class Problem:
    """What is wrong with a row: its place, from 0, the field, and the rule in words."""

    row: int
    field: str
    message: str


def phase_of(one: Measurement) -> Phase:
    """As it was stated; else everything up to the treatment is baseline."""
    if one.phase in ("baseline", "follow_up"):
        return "baseline" if one.phase == "baseline" else "follow_up"
    return "baseline" if one.months <= 0 else "follow_up"


def faults(one: Measurement) -> dict[str, str]:
    """Return what is wrong with one measurement on its own: the rule in words by field."""
    found: dict[str, str] = {}
    when = relative_time.months_in_words(one.months)
    if one.phase == "follow_up" and one.months < 0:
        found["months"] = _(
            "A follow-up comes after the baseline and after the treatment: ‘%(when)s’ is not a follow-up."
        ) % {"when": when}
    if one.phase == "baseline" and one.months > 0:
        found["months"] = _(
            "A baseline is measured before the treatment or at it: ‘%(when)s’ is a follow-up."
        ) % {"when": when}
    scale = one.scale
    if scale is None:
        return found
    if one.value:
        try:
            scale.read(one.value)
        except Refused as refused:
            found["value"] = str(refused)
    if scale.needs_side and not one.side:
        found["side"] = _("%(measure)s is measured on each side: state which side this is.") % {
            "measure": scale.name
        }
    if scale.needs_part and not one.part:
        found["part"] = (
            _("%(measure)s needs what was rated. State it, e.g. ‘speech’.")
            if scale.kind == "rating"
            else _("%(measure)s is measured on each muscle: state which muscle this is, e.g. ‘calf’.")
        ) % {"measure": scale.name}
    if one.assessed_by and one.assessed_by not in scale.assessors:
        found["assessed_by"] = (
            _("This is the parents' own rating. A clinician's judgement belongs on a scale or in the text.")
            if scale.kind == "rating"
            else _("%(measure)s cannot be assessed by the person you chose. Choose another.")
            % {"measure": scale.name}
        )
    return found


def problems(rows: Sequence[Measurement], *, age: int | None) -> list[Problem]:
    """Return everything wrong with the measurements of one person who was `age` at treatment (whole years,
    None: not known).
    """
    found = [
        Problem(place, name, rule) for place, one in enumerate(rows) for name, rule in faults(one).items()
    ]
    for place, one in enumerate(rows):
        scale = one.scale
        if scale and age is not None and not scale.covers_age(age, one.months):
            found.append(Problem(place, "outcome_measure", _outside_ages(scale, age, one.months)))
    return found + _dates_that_disagree(rows)


def _outside_ages(scale: Scale, age: int, months: int) -> str:
    least, greatest = scale.ages
    words = {
        "measure": scale.name,
        "least": least,
        "greatest": greatest,
        "age": max(0, (age * 12 + months) // 12),
        "when": relative_time.months_in_words(months),
    }
    if least is not None and greatest is not None:
        rule = _(
            "%(measure)s is for ages %(least)s to %(greatest)s. This patient was about %(age)s (%(when)s)."
        )
    elif least is not None:
        rule = _("%(measure)s is for ages from %(least)s. This patient was about %(age)s (%(when)s).")
    else:
        rule = _("%(measure)s is for ages up to %(greatest)s. This patient was about %(age)s (%(when)s).")
    return rule % words


def _dates_that_disagree(rows: Sequence[Measurement]) -> list[Problem]:
    """A measurement whose exact date lies before that of an earlier one, e.g. a follow-up before its
    baseline.
    """
    dated = [
        (one.months, phase_of(one) == "follow_up", one.observed_on, place)
        for place, one in enumerate(rows)
        if one.observed_on is not None
    ]
    found = []
    latest: dt.date | None = None
    earlier = 0
    for months, is_follow_up, day, place in sorted(dated, key=lambda row: row[:2]):
        if latest is not None and day < latest:
            rule = _(
                "Months and date disagree: by months (%(months)s) this measurement follows that of "
                "‘%(earlier)s’, by date it comes first. Correct one of them."
            )
            if is_follow_up and earlier <= 0:
                rule = _("This follow-up (%(months)s) is dated before the baseline (%(earlier)s).")
            words = {
                "months": relative_time.months_in_words(months),
                "earlier": relative_time.months_in_words(earlier),
            }
            found.append(Problem(place, "observed_on", rule % words))
        else:
            latest, earlier = day, months
    return found


def warnings(rows: Sequence[Measurement]) -> list[str]:
    """Return what is allowed but needs a second look: a change of a classification, measures that do not
    compare.
    """
    return [*_changed_classifications(rows), *_not_comparable(rows)]


def _changed_classifications(rows: Sequence[Measurement]) -> list[str]:
    found = []
    series: dict[tuple[str, str, str], list[Measurement]] = {}
    for one in rows:
        if one.scale and one.scale.is_classification and one.value:
            series.setdefault((one.scale.key, one.side, one.part), []).append(one)
    for values in series.values():
        for before, after in pairwise(sorted(values, key=lambda one: one.months)):
            if before.value == after.value or before.scale is None:
                continue
            found.append(
                _(
                    "%(measure)s changes from %(before)s (%(from)s) to %(after)s (%(to)s). It is a "
                    "classification and is not meant to change: look at both values again. If they are "
                    "right, explain the change in the text, and do not call it an outcome."
                )
                % {
                    "measure": before.scale.name,
                    "before": before.value,
                    "after": after.value,
                    "from": relative_time.months_in_words(before.months),
                    "to": relative_time.months_in_words(after.months),
                }
            )
    return found


def _not_comparable(rows: Sequence[Measurement]) -> list[str]:
    """One measure at baseline only and another, that must not be compared with it, at follow-up only."""
    phases: dict[str, set[str]] = {}
    scales: dict[str, Scale] = {}
    for one in rows:
        if one.scale:
            scales[one.scale.key] = one.scale
            phases.setdefault(one.scale.key, set()).add(phase_of(one))
    return [
        _("%(first)s was measured before and %(second)s after: their numbers cannot be compared.")
        % {"first": scales[first].name, "second": scales[second].name}
        for first in scales
        for second in scales
        if phases[first] == {"baseline"}
        and phases[second] == {"follow_up"}
        and (second in scales[first].never_with or first in scales[second].never_with)
    ]
