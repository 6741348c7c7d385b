"""Statistics against published figures, and against SciPy to 1e-9 on fixed and on random data."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy import stats

from figures import statistics

VALUES = some.floats(-10_000, 10_000, allow_nan=False).map(lambda value: round(value, 2))
CONFIDENCES = some.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 0.999])


def near(expected: Any) -> Any:
    """To 1e-9: relative where numbers are large, absolute where they are near 0."""
    return pytest.approx(expected, rel=1e-9, abs=1e-9)


class TestProportion:
    @pytest.mark.parametrize(
        ("count", "of", "low", "high"),
        # Newcombe RG, Stat Med 1998;17:857-872, table I, method 3 (score, no continuity correction).
        [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
    )
    def test_equals_newcombe(self, count: int, of: int, low: float, high: float) -> None:
        found = statistics.proportion(count, of).interval
        assert found
        assert (round(found.low, 4), round(found.high, 4)) == (low, high)

    @given(some.data(), CONFIDENCES)
    def test_equals_scipy(self, data: Any, confidence: float) -> None:
        of = data.draw(some.integers(1, 20_000))
        count = data.draw(some.integers(0, of))
        found = statistics.proportion(count, of, confidence=confidence)
        expected = stats.binomtest(count, of).proportion_ci(confidence, method="wilson")
        assert found.interval
        assert found.share == near(count / of)
        assert found.interval.low == near(expected.low)
        assert found.interval.high == near(expected.high)
        assert 0 <= found.interval.low <= count / of <= found.interval.high <= 1

    def test_nobody_asked_is_not_known(self) -> None:
        found = statistics.proportion(0, 0, missing=7)
        assert (found.share, found.interval, found.missing) == (None, None, 7)

    @pytest.mark.parametrize(("count", "of"), [(5, 4), (-1, 4), (0, -1)])
    def test_refuses_what_cannot_be(self, count: int, of: int) -> None:
        with pytest.raises(ValueError, match="cannot be"):
            statistics.proportion(count, of)

    @pytest.mark.parametrize("confidence", [0, 1, 95, math.nan])
    def test_refuses_a_confidence_outside_0_and_1(self, confidence: float) -> None:
        with pytest.raises(ValueError, match="between 0 and 1"):
            statistics.proportion(1, 2, confidence=confidence)


class TestStudent:
    @pytest.mark.parametrize(
        ("degrees", "t"),
        # Any printed table of Student's t, two-sided 5 %.
        [(1, 12.706), (2, 4.303), (4, 2.776), (9, 2.262), (29, 2.045), (120, 1.980)],
    )
    def test_equals_the_printed_table(self, degrees: int, t: float) -> None:
        assert round(statistics.student_quantile(0.95, degrees), 3) == t

    @given(some.integers(1, 20_000), CONFIDENCES)
    def test_equals_scipy(self, degrees: int, confidence: float) -> None:
        expected = stats.t.ppf((1 + confidence) / 2, degrees)
        assert statistics.student_quantile(confidence, degrees) == pytest.approx(expected, rel=1e-9)

    def test_equals_scipy_where_the_way_of_computing_changes(self) -> None:
        around = range(statistics.MANY_DEGREES - 2, statistics.MANY_DEGREES + 3)
        found = [statistics.student_quantile(0.95, degrees) for degrees in around]
        assert found == pytest.approx([stats.t.ppf(0.975, degrees) for degrees in around], rel=1e-11)


class TestSpread:
    def test_equals_a_worked_example(self) -> None:
        # Hyndman and Fan's type 7 by hand: the first quartile of 1, 2, 3, 4 lies a quarter of the way from 1
        # to 2 ... 4.
        found = statistics.spread([4, 1, None, 3, 2])
        assert (found.first_quartile, found.median, found.third_quartile) == (1.75, 2.5, 3.25)
        assert (found.n, found.missing, found.interquartile_range) == (4, 1, 1.5)

    @given(some.lists(VALUES, min_size=1, max_size=60))
    def test_equals_numpy_and_scipy(self, values: list[float]) -> None:
        found = statistics.spread(values)
        quartiles = [found.first_quartile, found.median, found.third_quartile]
        assert quartiles == near(list(np.percentile(values, [25, 50, 75])))
        assert found.interquartile_range == near(float(stats.iqr(values)))
        assert (found.least, found.greatest) == (min(values), max(values))

    def test_of_nothing_is_not_known(self) -> None:
        found = statistics.spread([None, None])
        assert (found.n, found.missing, found.median, found.interquartile_range) == (0, 2, None, None)


class TestMean:
    @given(some.lists(VALUES, min_size=2, max_size=60), CONFIDENCES)
    def test_equals_scipy(self, values: list[float], confidence: float) -> None:
        found = statistics.mean(values, confidence=confidence)
        deviation = float(np.std(values, ddof=1))
        low, high = stats.t.interval(
            confidence, len(values) - 1, loc=np.mean(values), scale=deviation / math.sqrt(len(values))
        ) if deviation else (found.mean, found.mean)  # fmt: skip
        assert found.interval
        assert found.mean == near(float(np.mean(values)))
        assert found.deviation == near(deviation)
        assert (found.interval.low, found.interval.high) == near((low, high))

    def test_one_value_has_no_interval(self) -> None:
        found = statistics.mean([3.5, None])
        assert (found.n, found.missing, found.mean, found.interval) == (1, 1, 3.5, None)

    @pytest.mark.parametrize("value", [math.nan, math.inf])
    def test_what_is_no_number_is_an_error_and_no_missing_value(self, value: float) -> None:
        with pytest.raises(ValueError, match="A missing value is None"):
            statistics.mean([1, value])


class TestChange:
    def test_equals_a_published_example(self) -> None:
        # Student's own data (Biometrika 1908;6:1-25): extra hours of sleep of ten patients under two drugs.
        # The difference, its t of 4.06 and the interval 0.70 to 2.46 stand in R's documentation of `sleep`.
        first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
        second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
        found = statistics.change_from_baseline(zip(first, second, strict=True))
        assert found.mean == pytest.approx(1.58)
        assert found.interval
        assert found.deviation
        assert round(found.interval.low, 7) == 0.7001142
        assert round(found.interval.high, 7) == 2.4598858
        assert round(1.58 / (found.deviation / math.sqrt(10)), 4) == 4.0621

    @given(some.lists(some.tuples(VALUES, VALUES), min_size=2, max_size=60), CONFIDENCES)
    def test_equals_scipy(self, pairs: list[tuple[float, float]], confidence: float) -> None:
        found = statistics.change_from_baseline(pairs, confidence=confidence)
        differences = np.array([after - before for before, after in pairs])
        assert found.interval
        assert found.mean == near(float(differences.mean()))
        if differences.std() > 1e-6:
            test = stats.ttest_rel([after for _, after in pairs], [before for before, _ in pairs])
            expected = test.confidence_interval(confidence)
            assert (found.interval.low, found.interval.high) == near(tuple(expected))

    @given(some.lists(some.tuples(some.none() | VALUES, some.none() | VALUES), max_size=40))
    def test_counts_what_is_missing_and_never_fills_it_in(
        self, pairs: list[tuple[float | None, float | None]]
    ) -> None:
        found = statistics.change_from_baseline(pairs)
        whole = [(before, after) for before, after in pairs if before is not None and after is not None]
        assert found.pairs + found.missing == len(pairs)
        assert found.pairs == len(whole)
        alone = statistics.change_from_baseline(whole)
        assert (found.mean, found.interval) == (alone.mean, alone.interval)
        if found.mean is not None and found.baseline is not None and found.follow_up is not None:
            assert found.mean == pytest.approx(found.follow_up - found.baseline, abs=1e-8)

    def test_says_who_is_missing(self) -> None:
        found = statistics.change_from_baseline([(1, 2), (1, None), (None, 2), (None, None), (None, None)])
        assert (found.pairs, found.baseline_only, found.follow_up_only, found.neither) == (1, 1, 1, 2)
        assert (found.missing, found.mean, found.interval) == (4, 1.0, None)
