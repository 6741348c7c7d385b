"""Every measure that comes with the project takes its whole range, and refuses what lies outside."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from figures.charts.axes import number_axis
from measures.scales import Refused, Scale, plain
from measures.starter import STARTER

LEVELS = [scale for scale in STARTER if scale.levels]
NUMBERS = [scale for scale in STARTER if not scale.levels]
WITH_ENDS = [
    (scale, end, side)
    for scale in NUMBERS
    for end, side in ((scale.low, -1), (scale.high, 1))
    if end is not None
]


def key_of(value: object) -> str:
    return value.key if isinstance(value, Scale) else plain(value) if isinstance(value, int | float) else ""


@pytest.mark.parametrize(("scale", "end", "side"), WITH_ENDS, ids=key_of)
def test_an_end_is_taken_and_the_next_value_beyond_is_refused(scale: Scale, end: float, side: int) -> None:
    assert float(scale.read(plain(end))) == end
    assert scale.position(plain(end)) == end
    for beyond in (scale.step or 1, 1000):
        with pytest.raises(Refused, match=f"^{scale.name} .*outside"):
            scale.read(plain(end + side * beyond))


@pytest.mark.parametrize("scale", NUMBERS, ids=key_of)
def test_every_step_of_the_range_is_taken(scale: Scale) -> None:
    step = scale.step or 1
    low = scale.low if scale.low is not None else -5.0
    high = scale.high if scale.high is not None else low + 200 * step
    for number in range(round((high - low) / step) + 1):
        typed = plain(low + number * step)
        assert scale.read(typed) == typed


@pytest.mark.parametrize("scale", [scale for scale in NUMBERS if scale.step], ids=key_of)
def test_a_value_between_two_steps_is_refused(scale: Scale) -> None:
    assert scale.step is not None
    with pytest.raises(Refused, match=f"^{scale.name} goes in steps of {plain(scale.step)}"):
        scale.read(plain((scale.low or 0) + scale.step * 1.5))


@pytest.mark.parametrize("scale", LEVELS, ids=key_of)
def test_every_level_is_taken_by_code_and_by_name_in_any_case(scale: Scale) -> None:
    for place, level in enumerate(scale.levels):
        for typed in (
            level.code,
            level.code.upper(),
            f"  {level.code.lower()} ",
            str(level.name) or level.code,
        ):
            assert scale.read(typed) == level.code
        assert scale.position(level.code) == place
    assert str(scale.levels[-1].code) in scale.range_in_words


@pytest.mark.parametrize("scale", LEVELS, ids=key_of)
@pytest.mark.parametrize("typed", ["", "nine", "99", "-1", "VI", "V I"])
def test_what_is_not_a_level_is_refused_with_all_levels(scale: Scale, typed: str) -> None:
    with pytest.raises(Refused) as refused:
        scale.read(typed)
    assert scale.name in str(refused.value)
    assert ", ".join(level.code for level in scale.levels) in str(refused.value)


@pytest.mark.parametrize("scale", [scale for scale in STARTER if scale.ceilings], ids=key_of)
def test_an_expected_maximum_is_a_value_that_the_measure_can_have(scale: Scale) -> None:
    levels = {level.code for other in STARTER if other.key == scale.ceilings_of for level in other.levels}
    assert set(scale.ceilings) == levels
    falling = list(scale.ceilings.values())
    assert falling == sorted(falling, reverse=True)
    for ceiling in falling:
        assert scale.position(plain(ceiling)) == ceiling


@pytest.mark.parametrize("scale", [scale for scale in STARTER if scale.difference], ids=key_of)
def test_a_change_that_matters_fits_into_the_range(scale: Scale) -> None:
    assert scale.difference is not None
    if scale.low is not None and scale.high is not None:
        assert 0 < scale.difference < (scale.high - scale.low) / 2


@given(some.data(), some.sampled_from(NUMBERS))
def test_an_axis_shows_any_values_of_a_measure_and_stays_on_its_scale(
    data: some.DataObject, scale: Scale
) -> None:
    low = scale.low if scale.low is not None else -1000.0
    high = scale.high if scale.high is not None else 1000.0
    values = data.draw(some.lists(some.floats(low, high, allow_nan=False), min_size=1, max_size=6))
    axis = number_axis(
        values, low=scale.low, high=scale.high, whole=scale.kind == "count", least_span=scale.difference or 0
    )
    assert axis.low <= min(values) <= max(values) <= axis.high
    assert scale.low is None or axis.low >= scale.low
    assert scale.high is None or axis.high <= scale.high
    assert len(axis.ticks) >= 2
    if scale.low is not None and scale.high is not None:
        assert axis.high - axis.low >= 0.15 * (scale.high - scale.low) - 1e-9, "a small change looks small"
        assert axis.high - axis.low >= (scale.difference or 0) - 1e-9
