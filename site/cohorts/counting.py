"""What became of a cohort, counted from its case rows. Pure; nothing that is missing is filled in.

An observation belongs to the planned time it is nearest to: 1 month is day 15 to 59, 3 months 60 to 136, 6
months 137 to 273, 12 months 274 to 456. Of two for one time the nearer one counts, of two equally near the
later one.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cohorts.case_rows import DAYS_A_MONTH
from disclosure_control import values as protected
from disclosure_control.rules import DEFAULT, Rules
from figures import statistics
from pages.outcome_counts import FOLLOWED_UP

# Months -> the first and the last day that belong to them.
WINDOWS: Mapping[int, tuple[int, int]] = {1: (15, 59), 3: (60, 136), 6: (137, 273), 12: (274, 456)}


@dataclass(frozen=True)
class Measure:
    """`better`: 'higher', 'lower' or '' where only judgements count. A change below `least_change` does not
    count.
    """

    name: str
    better: str = ""
    least_change: Decimal | None = None


@dataclass(frozen=True)
class Observed:
    case: int
    measure: str
    day: int
    value: Decimal | None
    result: str


def time_of(day: int) -> int | None:
    """Return the planned time, in months, that a day belongs to; None before day 15 and after day 456."""
    return next((months for months, (first, last) in WINDOWS.items() if first <= day <= last), None)


def result_of(measure: Measure, baseline: Decimal | None, seen: Observed) -> str:
    """Return 'improved', 'unchanged' or 'worse' as judged, else from the change of the value; '' where
    neither is known.
    """
    if seen.result:
        return seen.result
    if baseline is None or seen.value is None or not measure.better:
        return ""
    change = seen.value - baseline if measure.better == "higher" else baseline - seen.value
    least = measure.least_change or Decimal(0)
    if change == 0 or abs(change) < least:
        return "unchanged"
    return "improved" if change > 0 else "worse"


def count(
    *,
    measures: Sequence[Measure],
    people: Iterable[tuple[str, str]],
    observations: Iterable[Observed],
    rules: Rules = DEFAULT,
) -> dict[str, Any]:
    """Return exact counts, as data for `CohortCount`. `people`: (band of age, sex) of every case; '' where
    not known.

    `figures`, for each measure and time at which people were seen: `seen`, and of those with a result
    `followed_up`, improved, unchanged and worse. `values`: how many have a value, and median, quartiles and
    change from baseline as they may be published.
    """
    ages: Counter[str] = Counter()
    sexes: Counter[str] = Counter()
    treated = 0
    for band, sex in people:
        treated += 1
        ages[band] += 1
        sexes[sex] += 1
    by_measure: dict[str, list[Observed]] = defaultdict(list)
    for observed in observations:
        by_measure[observed.measure].append(observed)
    figures: list[dict[str, Any]] = []
    values: list[dict[str, Any]] = []
    for measure in measures:
        baselines, at_times = _placed(by_measure[measure.name])
        for months in WINDOWS:
            seen = at_times[months]
            if not seen:
                continue
            results = Counter(
                result_of(measure, baselines.get(case), observation) for case, observation in seen.items()
            )
            figures.append(
                {"measure": measure.name, "months": months, "seen": len(seen)}
                | {"followed_up": sum(results[name] for name in FOLLOWED_UP)}
                | {name: results[name] for name in FOLLOWED_UP}
            )
        values += _values(measure, baselines, at_times, rules)
    return {
        "treated": treated,
        "figures": figures,
        "ages": dict(ages),
        "sexes": dict(sexes),
        "values": values,
    }


def contributions(
    *,
    measures: Sequence[Measure],
    people: Iterable[tuple[int, str, str, str]],
    observations: Iterable[Observed],
) -> dict[str, str]:
    """Return a digest of what each case adds to the figures, by the first half of its key.

    `people`: (case, key, band of age, sex). What counts as improved is in it: two versions with other limits
    differ in the people whose result is another one.
    """
    by_measure: dict[str, list[Observed]] = defaultdict(list)
    for observed in observations:
        by_measure[observed.measure].append(observed)
    added: dict[int, list[str]] = defaultdict(list)
    for measure in measures:
        baselines, at_times = _placed(by_measure[measure.name])
        for case, value in baselines.items():
            added[case].append(f"{measure.name}|0|{value:.3f}")
        for months, seen in at_times.items():
            for case, one in seen.items():
                value_text = "" if one.value is None else f"{one.value:.3f}"
                result = result_of(measure, baselines.get(case), one)
                added[case].append(f"{measure.name}|{months}|{value_text}|{result}")
    return {
        key[:32]: hashlib.sha256(repr((band, sex, added[case])).encode()).hexdigest()[:16]
        for case, key, band, sex in people
    }


def _placed(
    observations: Iterable[Observed],
) -> tuple[dict[int, Decimal], dict[int, dict[int, Observed]]]:
    """Return each case's last value up to the treatment, and by time the one that counts."""
    last_before: dict[int, Observed] = {}
    at_times: dict[int, dict[int, Observed]] = {months: {} for months in WINDOWS}
    for observation in observations:
        if observation.day <= 0:
            known = last_before.get(observation.case)
            if observation.value is not None and (known is None or observation.day > known.day):
                last_before[observation.case] = observation
            continue
        months = time_of(observation.day)
        if months is None:
            continue
        kept = at_times[months].get(observation.case)
        if kept is None or _nearness(observation, months) < _nearness(kept, months):
            at_times[months][observation.case] = observation
    baselines = {
        case: observation.value for case, observation in last_before.items() if observation.value is not None
    }
    return baselines, at_times


def _nearness(observation: Observed, months: int) -> tuple[float, int]:
    return abs(observation.day - months * DAYS_A_MONTH), -observation.day


def _values(
    measure: Measure,
    baselines: Mapping[int, Decimal],
    at_times: Mapping[int, Mapping[int, Observed]],
    rules: Rules,
) -> list[dict[str, Any]]:
    """Return the spread of a measure at baseline and at each time, and the change within people: the numbers
    of people exactly, the statistics as they may be published.
    """
    rows: list[dict[str, Any]] = []
    found = {0: dict(baselines.items())}
    found |= {
        months: {
            case: observation.value for case, observation in seen.items() if observation.value is not None
        }
        for months, seen in at_times.items()
    }
    for months, known in found.items():
        if not known:
            continue
        row: dict[str, Any] = {"measure": measure.name, "months": months, "n": len(known)}
        row |= protected.quantiles([float(value) for value in known.values()], rules)
        if months and baselines:
            pairs = [(float(baselines[case]), float(known[case])) for case in known if case in baselines]
            change = statistics.change_from_baseline(pairs)
            row["pairs"] = change.pairs
            row |= protected.change([after - before for before, after in pairs], change, rules)
        rows.append(row)
    return rows
