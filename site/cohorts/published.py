"""What is published of a cohort: every number after disclosure control, as plain data. Nothing else leaves
this app.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cohorts.models.case_rows import CohortCount
from cohorts.models.cohort import Cohort, CohortMeasure
from cohorts.suppression import shown_groups, shown_of_cohort, shown_seen, shown_treated
from disclosure_control import configured
from disclosure_control.counts import rounded
from disclosure_control.rules import Rules
from pages.age_bands import AGES
from pages.outcome_counts import OutcomeCounts

SEXES = ("female", "male", "other", "")
# The parts of a report that are computed from people; the others are what editors wrote.
FIGURES = ("treated", "few", "at_least", "main", "measures", "ages", "sexes", "rules")
STATISTICS = ("median", "first_quartile", "third_quartile", "step")
CHANGES = ("change", "low", "high", "change_step")


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

    def counts(self, treated: int) -> OutcomeCounts:
        """Return the outcomes of everyone treated. Raises ImpossibleCounts where they break a rule."""
        return OutcomeCounts.of_figures(treated, self.followed_up, self.improved, self.unchanged, self.worse)


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


def figures_in(data: dict[str, Any]) -> dict[str, Any]:
    """Return the part of a report's data that is computed from people."""
    return {name: data.get(name) for name in FIGURES}


def report_data(cohort: Cohort, rules: Rules | None = None) -> dict[str, Any]:
    """Return a report as data: what the page and the PDF show, and what versions are compared by. All may be
    public.
    """
    rules = rules or configured.rules()
    exact = treated_of(cohort)
    at_least = cohort.treated_at_least
    treated = None if exact is None else shown_treated(exact, rules, at_least=at_least)
    counted = _counted(cohort) if cohort.basis == "rows" else {}
    lines = lines_of(cohort) if treated is not None else []
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
        "treated": treated,
        "few": bool(exact) and treated is None,
        "at_least": at_least,
        "main": [main.measure, main.months] if main and treated is not None else None,
        "measures": [
            _measure(measure, lines, exact or 0, counted if treated else {}, rules, at_least=at_least)
            for measure in cohort.measures.all()
        ],
        "ages": _groups([*AGES, ""], counted.get("ages"), treated, rules),
        "sexes": _groups(SEXES, counted.get("sexes"), treated, rules),
        "rules": [rules.smallest, rules.base, rules.fewest],
    }


def _measure(
    measure: CohortMeasure,
    lines: Iterable[FigureLine],
    treated: int,
    counted: dict[str, Any],
    rules: Rules,
    *,
    at_least: bool,
) -> dict[str, Any]:
    mine = [line for line in lines if line.measure == measure.name]
    times = [_time(line, treated, rules, at_least=at_least) for line in mine]
    # Time -> people followed up, exactly and as published.
    known: dict[int, tuple[int, int | None]] = {
        line.months: (line.followed_up, time["followed_up"]) for line, time in zip(mine, times, strict=True)
    }
    if not rules.is_few(treated):
        known[0] = (treated, shown_treated(treated, rules, at_least=at_least))
    return {
        "name": measure.name,
        "definition": measure.definition,
        "better": measure.better,
        "least_change": f"{measure.least_change.normalize():f}" if measure.least_change is not None else "",
        "times": times,
        "values": [
            _value(row, known.get(row["months"]), rules)
            for row in counted.get("values", ())
            if row["measure"] == measure.name
        ],
    }


def _time(line: FigureLine, treated: int, rules: Rules, *, at_least: bool) -> dict[str, Any]:
    counts = line.counts(treated)
    shown = shown_of_cohort(counts, rules, at_least=at_least)
    return {
        "months": line.months,
        "seen": shown_seen(shown, counts, line.seen, rules),
        **shown.as_json(),
    }


def _value(row: dict[str, Any], known: tuple[int, int | None] | None, rules: Rules) -> dict[str, Any]:
    """Return median and change at one time, with how many people they describe.

    `known`: how many people could have a value at this time, exactly and as published (before treatment: all
    treated). Where nearly all of them have one, their published number is repeated: a number next to it would
    tell how many have none.
    """
    n = _people(row["n"], known, rules)
    shown: dict[str, Any] = {"months": row["months"], "n": n}
    if rules.is_few(row["n"]):
        return shown
    shown |= {name: row[name] for name in STATISTICS if name in row}
    pairs = row.get("pairs", 0)
    if not rules.is_few(pairs) and "change" in row:
        shown["pairs"] = _people(pairs, (row["n"], n), rules)
        shown |= {name: row[name] for name in CHANGES}
    return shown


def _people(count: int, known: tuple[int, int | None] | None, rules: Rules) -> int | None:
    if rules.is_few(count) or known is None:
        return None
    of, published = known
    return published if abs(of - count) < rules.smallest else rounded(count, rules)


def _groups(
    order: Iterable[str], counts: dict[str, int] | None, treated: int | None, rules: Rules
) -> list[list[Any]]:
    """Return the rows of a table: [name, count or None], None where it is withheld. Empty where nothing is
    known.
    """
    if not counts or treated is None or set(counts) == {""}:
        return []
    groups = {name: counts.get(name, 0) for name in order if name in counts or name != ""}
    return [[name, count] for name, count in shown_groups(groups, treated, rules)]
