"""Computes descriptive statistics of a cohort or of one measure, and counts missing values. Pure, no Django.

Runs on the standard library (`statistics`, `math`). SciPy would bring about 180 MB with NumPy for one
quantile of Student's distribution, so it is only what the tests compare with, to 1e-9, on fixed and on random
data.

What is missing is given as None. It is counted, returned beside the result, and never filled in: no mean of
the others, no last observation carried forward. NaN and infinity are errors, not missing values.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass

CONFIDENCE = 0.95
# Above this many degrees of freedom the finite series gets long and the expansion below is exact to 1e-12.
MANY_DEGREES = 1_000


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, both included, at `confidence` (0.95: '95 % confidence interval')."""

    low: float
    high: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Proportion:
    """`count` of `of` people; `missing` more were not asked or not seen and are in neither number.

    `share`, 0 to 1, and `interval` are None when `of` is 0.
    """

    count: int
    of: int
    missing: int
    share: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Spread:
    """Median and quartiles of the `n` known values; all None when there is none.

    `missing`: values not known.
    """

    n: int
    missing: int
    median: float | None
    first_quartile: float | None
    third_quartile: float | None
    least: float | None
    greatest: float | None

    @property
    def interquartile_range(self) -> float | None:
        """The third quartile less the first."""
        if self.first_quartile is None or self.third_quartile is None:
            return None
        return self.third_quartile - self.first_quartile


@dataclass(frozen=True, slots=True)
class Mean:
    """Mean of the `n` known values.

    `deviation` (sample standard deviation, n - 1) and `interval` need two.
    """

    n: int
    missing: int
    mean: float | None
    deviation: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Change:
    """Follow-up less baseline, in the `pairs` people who have both. A positive change is a higher value.

    `baseline` and `follow_up` are the means of the same people, so that their difference is `mean`. The
    others are counted: with a baseline only, with a follow-up only, with neither.
    """

    pairs: int
    baseline_only: int
    follow_up_only: int
    neither: int
    baseline: float | None
    follow_up: float | None
    mean: float | None
    deviation: float | None
    interval: Interval | None

    @property
    def missing(self) -> int:
        """People left out of the result because one of their values is not known."""
        return self.baseline_only + self.follow_up_only + self.neither


def proportion(count: int, of: int, *, missing: int = 0, confidence: float = CONFIDENCE) -> Proportion:
    """Return a proportion with Wilson's score interval, without continuity correction.

    It stays within 0 and 1 and holds for few people and for shares near 0 or 1, where the usual interval
    fails. Source: Wilson EB, J Am Stat Assoc 1927;22:209-212; recommended by Newcombe RG, Stat Med
    1998;17:857-872. Raises ValueError for counts below 0, or more than there are.
    """
    if count < 0 or of < 0 or missing < 0:
        raise ValueError("A number of people cannot be below zero.")
    if count > of:
        raise ValueError(f"{count:,} cannot be a part of {of:,}.")
    z = _normal_quantile(confidence)
    if not of:
        return Proportion(count, of, missing, None, None)
    share = count / of
    spread = z * z / of
    middle = share + spread / 2
    half = z * math.sqrt((share * (1 - share) + spread / 4) / of)
    # At the ends the formula gives 0 and 1 exactly; rounding must not say -1e-18 or 0.9999999.
    low = 0.0 if count == 0 else max(0.0, (middle - half) / (1 + spread))
    high = 1.0 if count == of else min(1.0, (middle + half) / (1 + spread))
    return Proportion(count, of, missing, share, Interval(low, high, confidence))


def spread(values: Iterable[float | None]) -> Spread:
    """Return median, quartiles, least and greatest of `values`; None is a missing value.

    Quartiles are Hyndman and Fan's type 7 (Am Stat 1996;50:361-365): straight lines between the sorted
    values, the least at 0 and the greatest at 1. It is the default of R, NumPy and SciPy and `inclusive` in
    Python.
    """
    known, missing = _known(values)
    if not known:
        return Spread(0, missing, None, None, None, None, None)
    if len(known) == 1:
        only = known[0]
        return Spread(1, missing, only, only, only, only, only)
    first, median, third = statistics.quantiles(known, n=4, method="inclusive")
    return Spread(len(known), missing, median, first, third, min(known), max(known))


def mean(values: Iterable[float | None], *, confidence: float = CONFIDENCE) -> Mean:
    """Return the mean of `values` with the interval of Student's t; None is a missing value."""
    known, missing = _known(values)
    middle, deviation, interval = _mean_of(known, confidence)
    return Mean(len(known), missing, middle, deviation, interval)


def change_from_baseline(
    pairs: Iterable[tuple[float | None, float | None]], *, confidence: float = CONFIDENCE
) -> Change:
    """Return the mean change with the paired t interval.

    `pairs`: (baseline, follow-up) of each person, None for a value that is not known.

    The interval is of the differences within people. It says how far chance alone could move the mean; it
    cannot say that the treatment was the reason, because there is no comparison with people without the
    treatment.
    """
    both: list[tuple[float, float]] = []
    baseline_only = follow_up_only = neither = 0
    for before, after in pairs:
        if before is not None and after is not None:
            both.append((_finite(before), _finite(after)))
        elif before is not None:
            baseline_only += 1
        elif after is not None:
            follow_up_only += 1
        else:
            neither += 1
    middle, deviation, interval = _mean_of([after - before for before, after in both], confidence)
    return Change(
        pairs=len(both),
        baseline_only=baseline_only,
        follow_up_only=follow_up_only,
        neither=neither,
        baseline=statistics.fmean(before for before, _ in both) if both else None,
        follow_up=statistics.fmean(after for _, after in both) if both else None,
        mean=middle,
        deviation=deviation,
        interval=interval,
    )


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"{value} is not a number to count with. A missing value is None.")
    return float(value)


def _known(values: Iterable[float | None]) -> tuple[list[float], int]:
    given = list(values)
    known = [_finite(value) for value in given if value is not None]
    return known, len(given) - len(known)


def _mean_of(known: list[float], confidence: float) -> tuple[float | None, float | None, Interval | None]:
    t = student_quantile(confidence, max(1, len(known) - 1))  # checks `confidence` for every number of values
    if not known:
        return None, None, None
    middle = statistics.fmean(known)
    if len(known) == 1:
        return middle, None, None
    deviation = statistics.stdev(known)
    half = t * deviation / math.sqrt(len(known))
    return middle, deviation, Interval(middle - half, middle + half, confidence)


def _normal_quantile(confidence: float) -> float:
    """Return how many standard deviations to both sides hold `confidence` of a normal distribution: 1.96 for
    0.95.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"A confidence lies between 0 and 1, not at {confidence}.")
    return statistics.NormalDist().inv_cdf((1 + confidence) / 2)


def student_quantile(confidence: float, degrees: int) -> float:
    """Return the t with `confidence` of Student's distribution between -t and t.

    It is 2.776 for 0.95 and 4 degrees of freedom.

    Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 1964: 26.7.3 and 26.7.4 (the finite
    series for whole degrees of freedom) solved by Newton's method, and 26.7.5 (expansion) for many degrees.
    """
    if degrees < 1:
        raise ValueError("Student's distribution needs at least one degree of freedom.")
    z = _normal_quantile(confidence)
    if degrees > MANY_DEGREES:
        return _student_by_expansion(z, degrees)
    # In the angle, t = tan(angle) * sqrt(degrees), the probability rises ever more slowly: from the left,
    # where the normal quantile lies, each step of Newton's method comes closer and none goes too far.
    angle = math.atan(z / math.sqrt(degrees))
    slope = 2 / math.sqrt(math.pi) * math.exp(math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2))
    for _ in range(100):
        step = (confidence - _student_within(angle, degrees)) / (slope * math.cos(angle) ** (degrees - 1))
        angle += step
        if abs(step) < 1e-15:
            break
    return math.tan(angle) * math.sqrt(degrees)


def _student_within(angle: float, degrees: int) -> float:
    """Return the probability between -t and t, for t = tan(angle) * sqrt(degrees)."""
    sine, squared = math.sin(angle), math.cos(angle) ** 2
    odd = degrees % 2
    term = math.cos(angle) if odd else 1.0
    total = 0.0
    for power in range(degrees // 2):
        total += term
        term *= squared * ((2 * power + 2) / (2 * power + 3) if odd else (2 * power + 1) / (2 * power + 2))
    return 2 / math.pi * (angle + sine * total) if odd else sine * total


def _student_by_expansion(z: float, degrees: int) -> float:
    powers = [z**exponent for exponent in (1, 3, 5, 7, 9)]
    parts = (
        ((1, 1), 4),
        ((3, 16, 5), 96),
        ((-15, 17, 19, 3), 384),
        ((-945, -1920, 1482, 776, 79), 92_160),
    )
    total = z
    for order, (weights, divisor) in enumerate(parts, start=1):
        # The weights of 26.7.5 from the lowest power up.
        total += sum(w * p for w, p in zip(weights, powers, strict=False)) / divisor / degrees**order
    return total
