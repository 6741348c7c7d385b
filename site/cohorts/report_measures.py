"""One measure of a report: its facts, its chart, and its tables of outcomes and values."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from cohorts import report_drawings
from cohorts.report_parts import (
    WITHHELD,
    Drawing,
    ShownMeasure,
    Table,
    drawn,
    number_words,
    time_words,
)
from figures import statistics
from pages.numbers import figure
from pages.outcome_counts import FOLLOWED_UP, OutcomeGroup
from pages.wording import group_words


def shown_measure(number: int, measure: dict[str, Any], treated: int | None) -> ShownMeasure:
    facts = [(_("What counts"), measure["definition"])]
    if measure["better"]:
        better = _("Higher is better") if measure["better"] == "higher" else _("Lower is better")
        facts.append((_("Direction"), better))
    if measure["least_change"]:
        facts.append((_("Smallest change that counts"), measure["least_change"]))
    times = measure["times"] if treated else []
    tables = [_outcomes(measure, times)] if times else []
    if measure["values"]:
        tables.append(_values(measure))
    return ShownMeasure(
        name=measure["name"],
        id=f"measure{number}",
        facts=facts,
        chart=_chart(number, measure, times) if times else None,
        tables=tables,
    )


def _outcomes(measure: dict[str, Any], times: list[dict[str, Any]]) -> Table:
    rows = [_outcome_row(time) for time in times]
    headings = [
        _("After"),
        _("Followed up"),
        _("Improved"),
        _("No change"),
        _("Worse"),
        _("Lost to follow-up"),
    ]
    if any(row[-1] for row in rows):
        headings.append(_("Combined"))
    else:
        rows = [row[:-1] for row in rows]
    caption = _("%(measure)s: people, and their share of those followed up (95 %% interval)") % {
        "measure": measure["name"]
    }
    return Table(caption, headings, rows)


def _outcome_row(time: dict[str, Any]) -> list[str]:
    by_names = {tuple(names): count for names, count in time["groups"]}
    row = [time_words(time["months"]), number_words(time["followed_up"])]
    for name in FOLLOWED_UP:
        count = by_names.get((name,))
        row.append(str(WITHHELD) if count is None else _share(count, time["followed_up"]))
    row.append(number_words(by_names.get(("lost",))))
    combined = {names: count for names, count in by_names.items() if len(names) > 1}
    row.append("; ".join(f"{group_words(names)}: {figure(count)}" for names, count in combined.items()))
    return row


def _values(measure: dict[str, Any]) -> Table:
    caption = _("%(measure)s: values. Missing values are not estimated") % {"measure": measure["name"]}
    headings = [
        _("When"),
        _("People measured"),
        _("Median (quartiles)"),
        _("Mean change since before (95 % interval)"),
    ]
    return Table(caption, headings, [_value_row(value) for value in measure["values"]])


def _value_row(value: dict[str, Any]) -> list[str]:
    spread = value.get("median", "")
    if spread and value["first_quartile"]:
        spread = f"{spread} ({value['first_quartile']}–{value['third_quartile']})"
    change = value.get("change", "")
    if change and value.get("low"):
        change = _("%(mean)s (%(low)s to %(high)s)") % {
            "mean": _signed(change),
            "low": _signed(value["low"]),
            "high": _signed(value["high"]),
        }
    when = _("Before treatment") if not value["months"] else time_words(value["months"])
    return [when, number_words(value["n"]), spread or str(WITHHELD), change or "–"]


def _signed(number: str) -> str:
    return f"−{number[1:]}" if number.startswith("-") else f"+{number}"


def _share(count: int, of: int | None) -> str:
    """Return '210 (55%, 50 to 60%)': the share with Wilson's interval."""
    if not of:
        return figure(count)
    part = statistics.proportion(count, of)
    if part.share is None or part.interval is None:
        return figure(count)
    return _("%(n)s (%(share)s%%, %(low)s to %(high)s%%)") % {
        "n": figure(count),
        "share": round(100 * part.share),
        "low": round(100 * part.interval.low),
        "high": round(100 * part.interval.high),
    }


def _chart(number: int, measure: dict[str, Any], times: list[dict[str, Any]]) -> Drawing:
    rows = [
        report_drawings.Bar(
            time_words(time["months"]),
            tuple(OutcomeGroup(tuple(names), count) for names, count in time["groups"]),
        )
        for time in times
    ]
    said = [
        f"{row.label}: "
        + ", ".join(f"{figure(group.count)} {group_words(group.names)}" for group in row.groups)
        for row in rows
    ]
    title = _("%(measure)s: everyone treated, at each time") % {"measure": measure["name"]}
    return drawn(report_drawings.bars, rows, f"bars{number}", title, ". ".join(said) + ".")
