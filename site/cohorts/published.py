"""What is published of a cohort: every number after suppression, as plain data. Nothing else
leaves this app.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cohorts.models.case_rows import CohortCount
from cohorts.models.cohort import Cohort, CohortMeasure
from cohorts.suppression import ShownOutcomes, is_small, shown_of_cohort, withheld_of_groups
from pages.age_bands import AGES
from pages.outcome_counts import OutcomeCounts

SEXES = ("female", "male", "other", "")


@dataclass(frozen=True)
class FigureLine:
    """Exact figures of one measure at one time. `seen`: people seen at all, those without a usable result
    included.
    """

    measure: str
    months: int
    followed_up: int
    improved: int
    unchanged: int
    worse: int
    seen: int | None = None

    def shown(self, treated: int) -> ShownOutcomes:
        """Return the figures as they may be published. Raises ImpossibleCounts where they break a rule."""
        return shown_of_cohort(
            OutcomeCounts.of_figures(treated, self.followed_up, self.improved, self.unchanged, self.worse)
        )


def treated_of(cohort: Cohort) -> int | None:
    """Return the exact number of people treated; None where it is not known."""
    return _counted(cohort).get("treated") if cohort.basis == "rows" else cohort.treated


def lines_of(cohort: Cohort) -> list[FigureLine]:
    """Return every line of exact figures, typed or counted from case rows, by measure in the cohort's order,
    then time.
    """
    if cohort.basis == "rows":
        rows = _counted(cohort).get("figures", ())
        lines = [FigureLine(**row) for row in rows]
    else:
        lines = [
            FigureLine(row.measure, row.months, row.followed_up, row.improved, row.unchanged, row.worse)
            for row in cohort.figures.all()
        ]
    order = [measure.name for measure in cohort.measures.all()]
    return sorted(
        lines,
        key=lambda line: (order.index(line.measure) if line.measure in order else len(order), line.months),
    )


def main_line(cohort: Cohort) -> FigureLine | None:
    """Return the figures shown next to stories: the main measure at the main time; None where
    there are none.
    """
    lines = lines_of(cohort)
    measure = cohort.main_measure or (lines[0].measure if lines else "")
    return next(
        (line for line in lines if (line.measure, line.months) == (measure, cohort.main_months)), None
    )


def _counted(cohort: Cohort) -> dict[str, Any]:
    found = CohortCount.objects.filter(cohort=cohort).values_list("data", flat=True).first()
    return found or {}


def report_data(cohort: Cohort) -> dict[str, Any]:
    """Return a report as data: what the page and the PDF show, and what versions are compared by. All may be
    public.
    """
    treated = treated_of(cohort)
    known = treated if treated is not None and not is_small(treated) else None
    counted = _counted(cohort) if cohort.basis == "rows" else {}
    lines = lines_of(cohort) if known is not None else []
    main = main_line(cohort)
    return {
        "title": cohort.title,
        "condition": cohort.condition.name,
        "treatment": cohort.treatment.name,
        "period": [day.isoformat() if day else "" for day in (cohort.period_from, cohort.period_to)],
        "basis": cohort.basis,
        "source_kind": cohort.source_kind,
        "source": cohort.source,
        "reference": cohort.reference,
        "doi": cohort.doi,
        "as_of": cohort.as_of.isoformat() if cohort.as_of else "",
        "is_sample": cohort.is_sample,
        "method": cohort.method,
        "limits": [line.strip() for line in cohort.limits.splitlines() if line.strip()],
        "conflicts": cohort.conflicts,
        "treated": known,
        "at_least": cohort.treated_at_least,
        "main": [main.measure, main.months] if main and known is not None else None,
        "measures": [_measure(measure, lines, known or 0, counted) for measure in cohort.measures.all()],
        "ages": _groups([*AGES, ""], counted.get("ages"), known),
        "sexes": _groups(SEXES, counted.get("sexes"), known),
    }


def _measure(
    measure: CohortMeasure, lines: Iterable[FigureLine], treated: int, counted: dict[str, Any]
) -> dict[str, Any]:
    times = [_time(line, treated) for line in lines if line.measure == measure.name]
    followed = {time["months"]: time["followed_up"] for time in times}
    return {
        "name": measure.name,
        "definition": measure.definition,
        "better": measure.better,
        "least_change": f"{measure.least_change.normalize():f}" if measure.least_change is not None else "",
        "times": times,
        "values": [
            _value(row, followed)
            for row in counted.get("values", ())
            if row["measure"] == measure.name and treated
        ],
    }


def _time(line: FigureLine, treated: int) -> dict[str, Any]:
    shown = line.shown(treated)
    seen = line.seen
    if seen is not None and (
        shown.followed_up is None or is_small(seen - line.followed_up) or is_small(treated - seen)
    ):
        seen = None
    return {"months": line.months, "seen": seen, **shown.as_json()}


def _value(row: dict[str, Any], followed: dict[int, int | None]) -> dict[str, Any]:
    """Return median and change at one time, without groups under 5 and numbers that reveal a withheld one."""
    months, n = row["months"], row["n"]
    followed_up = followed.get(months)
    reveals = months != 0 and (followed_up is None or (n != followed_up and is_small(abs(n - followed_up))))
    shown: dict[str, Any] = {"months": months, "n": None if is_small(n) or reveals else n}
    if not is_small(n):
        shown |= {name: _rounded(row[name]) for name in ("median", "first_quartile", "third_quartile")}
    pairs = row.get("pairs")
    if pairs and not is_small(pairs):
        hidden = shown["n"] is None or is_small(abs(n - pairs))
        shown |= {"pairs": None if hidden else pairs}
        shown |= {name: _rounded(row[name]) for name in ("change", "low", "high")}
    return shown


def _rounded(number: float | None) -> str:
    """Return two decimals as text: the same on the page, in the PDF and in the hash, whatever machine
    counted.
    """
    return "" if number is None else f"{number:.2f}"


def _groups(order: Iterable[str], counts: dict[str, int] | None, treated: int | None) -> list[list[Any]]:
    """Return the rows of a table: [name, count or None], None where it is withheld. Empty where nothing is
    known.
    """
    if not counts or treated is None or set(counts) == {""}:
        return []
    groups = {name: counts.get(name, 0) for name in order if name in counts or name != ""}
    hidden = withheld_of_groups(groups)
    return [[name, None if name in hidden else number] for name, number in groups.items()]
