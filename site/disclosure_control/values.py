"""Statistics of measured values, so that no single person's value can be told from them. Pure.

- **Least and greatest are never published.** Each is one person's value.
- **Quantiles.** With few people a quantile is one person's value: of five people the quartiles are the
  second, third and fourth. A median needs twice `fewest` people (at least ten on each side), quartiles four
  times (at least ten in each quarter). Then the value is rounded to the finest step of 1, 2 or 5 at which at
  least `smallest` people round to the same value, so that it is theirs together and not one person's.
- **Means.** A mean of n people is rounded to a step of at least half its standard error. One person moves a
  mean by a fraction of that, and what is lost lies within what chance does to the mean anyway. Not shown
  where all but a few people have the same value: it would tell the value of each of them.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Protocol

from disclosure_control.rules import Rules

# Finer than any scale in use.
FINEST = 0.01


class Interval(Protocol):
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...


class MeanChange(Protocol):
    """What was computed of the changes, exactly (`figures.statistics.Change`)."""

    @property
    def mean(self) -> float | None: ...
    @property
    def deviation(self) -> float | None: ...
    @property
    def interval(self) -> Interval | None: ...


def steps() -> Iterator[float]:
    """Yield steps to round to, finest first: 0.01, 0.02, 0.05, 0.1 and so on, up to a million."""
    for exponent in range(-2, 7):
        for digit in (1, 2, 5):
            yield digit * 10.0**exponent


def step_of_at_least(size: float) -> float:
    """Return the finest step that is not smaller than `size`."""
    return next(step for step in steps() if step >= size * (1 - 1e-9))


def to_step(value: float, step: float) -> str:
    """Return a value rounded to a step, as text without zeros at its end."""
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    text = f"{round(value / step) * step:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def quantiles(values: Sequence[float], rules: Rules) -> dict[str, str]:
    """Return `median`, `first_quartile` and `third_quartile` as text, and the `step` they are rounded to.

    '' for what is not published; {} where nothing is.
    """
    if len(values) < max(2, 2 * rules.fewest):
        return {}
    # Hyndman and Fan's type 7, as in `figures.statistics.spread`.
    first, median, third = statistics.quantiles(values, n=4, method="inclusive")
    known = {"median": median}
    if len(values) >= 4 * rules.fewest:
        known |= {"first_quartile": first, "third_quartile": third}
    step = max(_shared_step(value, values, rules) for value in known.values())
    shown = {name: to_step(value, step) for name, value in known.items()}
    return {"first_quartile": "", "third_quartile": "", **shown, "step": to_step(step, step)}


def _shared_step(value: float, values: Sequence[float], rules: Rules) -> float:
    """Return the finest step at which enough people round to what `value` rounds to."""
    for step in steps():
        shown = round(value / step)
        if sum(round(one / step) == shown for one in values) >= rules.smallest:
            return step
    raise ValueError("Values above a million have no step.")


def change(changes: Sequence[float], found: MeanChange, rules: Rules) -> dict[str, str]:
    """Return the mean `change` with its interval (`low`, `high`) as text, and the step they are rounded to.

    `changes`: follow-up less baseline of each person; `found`: what was computed of them. {} where it is not
    published.
    """
    if found.mean is None or rules.is_few(len(changes)):
        return {}
    alike = max(Counter(round(one, 6) for one in changes).values())
    if rules.smallest > 1 and len(changes) - alike < rules.smallest:
        return {}
    error = (found.deviation or 0.0) / math.sqrt(len(changes))
    step = step_of_at_least(max(FINEST, rules.error_share * error))
    return {
        "change": to_step(found.mean, step),
        "low": to_step(found.interval.low, step) if found.interval else "",
        "high": to_step(found.interval.high, step) if found.interval else "",
        "change_step": to_step(step, step),
    }
