"""A report's data in words, tables and drawings: made once, for the page and for the PDF, so that both say the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts import report_drawings
from figures import statistics
from pages.age_bands import age_labels
from pages.wording import figure, period

WITHHELD = gettext_lazy("not shown")
SOURCES = {
    "registry": gettext_lazy("Our own registry"),
    "partner": gettext_lazy("A partner’s figure"),
    "study": gettext_lazy("A published study"),
}
OUTCOMES = {
    "improved": gettext_lazy("improved"),
    "unchanged": gettext_lazy("no change"),
    "worse": gettext_lazy("worse"),
    "lost": gettext_lazy("not followed up"),
}


@dataclass(frozen=True)
class Table:
    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Drawing:
    """`svg` for the page, `for_print` for the PDF, `alt` for readers who see neither."""

    caption: str
    svg: SafeString
    for_print: str
    alt: str


@dataclass(frozen=True)
class MeasureShown:
    name: str
    id: str
    facts: list[tuple[str, str]]
    chart: Drawing | None
    tables: list[Table]


@dataclass(frozen=True)
class Shown:
    title: str
    facts: list[tuple[str, str]]
    sentence: str
    method: list[str]
    flow: Drawing | None
    people: list[Table]
    measures: list[MeasureShown]
    limits: list[str]
    conflicts: str
    reference: str
    doi: str
    is_sample: bool
    notes: list[str] = field(default_factory=list)


def shown_report(data: dict[str, Any]) -> Shown:
    """What a reader of one version sees. `data` as `published.report_data` made it, small numbers withheld already."""
    treated = data["treated"]
    return Shown(
        title=data["title"],
        facts=_facts(data),
        sentence=_sentence(data),
        method=_paragraphs(data["method"]) or [_("Not stated.")],
        flow=_flow(data),
        people=_people(data),
        measures=[
            _measure(number, measure, treated, data["at_least"])
            for number, measure in enumerate(data["measures"], start=1)
        ],
        limits=data["limits"] or [_("Not stated.")],
        conflicts=data["conflicts"] or _("Not stated."),
        reference=data["reference"],
        doi=data["doi"],
        is_sample=data["is_sample"],
        notes=_notes(data),
    )


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in text.split("\n\n") if part.strip()]


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "DATE_FORMAT") if text else ""


def _facts(data: dict[str, Any]) -> list[tuple[str, str]]:
    begin, end = (text[:4] for text in data["period"])
    years = "–".join(dict.fromkeys(year for year in (begin, end) if year))
    treated = figure(data["treated"]) if data["treated"] is not None else _("Not known")
    if data["treated"] is not None and data["at_least"]:
        treated = _("over %(n)s") % {"n": treated}
    return [
        (_("Condition"), data["condition"]),
        (_("Treatment"), data["treatment"]),
        (_("Treated"), treated),
        (_("Period"), years or _("Not stated")),
        (_("Source"), f"{SOURCES.get(data['source_kind'], '')}: {data['source']}"),
        (_("As of"), _day(data["as_of"]) or _("Not stated")),
        (
            _("How the figures were made"),
            _("Counted by this site from one row for each patient")
            if data["basis"] == "rows"
            else _("Taken over from the source"),
        ),
    ]


def words(names: Sequence[str]) -> str:
    """'no change or worse'."""
    parts = [str(OUTCOMES[name]) for name in names]
    return (
        parts[0]
        if len(parts) == 1
        else _("%(most)s or %(last)s") % {"most": ", ".join(parts[:-1]), "last": parts[-1]}
    )


def _main(data: dict[str, Any]) -> dict[str, Any] | None:
    if not data["main"]:
        return None
    name, months = data["main"]
    times: list[dict[str, Any]] = next(
        (measure["times"] for measure in data["measures"] if measure["name"] == name), []
    )
    return next((time for time in times if time["months"] == months), None)


def _sentence(data: dict[str, Any]) -> str:
    """What became of everybody, in one or two sentences."""
    if data["treated"] is None:
        return _("How many people were treated is not known, or too few to be shown.")
    people = figure(data["treated"])
    if data["at_least"]:
        people = _("over %(n)s") % {"n": people}
    main = _main(data)
    if main is None:
        return _("Of %(treated)s people treated, we do not know how anybody is today.") % {"treated": people}
    parts = ", ".join(f"{figure(count)} {words(names)}" for names, count in main["groups"])
    if main["followed_up"] is None:
        return _("Of %(treated)s people treated, after %(period)s: %(parts)s.") % {
            "treated": people,
            "period": period(main["months"]),
            "parts": parts,
        }
    return _("Of %(treated)s people treated, %(n)s were followed up for %(period)s: %(parts)s.") % {
        "treated": people,
        "n": figure(main["followed_up"]),
        "period": period(main["months"]),
        "parts": parts,
    }


def _flow(data: dict[str, Any]) -> Drawing | None:
    """Treated, followed up, analysed: with those who leave on the way."""
    main = _main(data)
    if main is None:
        return None
    treated, seen, analysed = data["treated"], main["seen"], main["followed_up"]
    months = main["months"]
    steps = []
    if analysed is None:
        steps = [
            report_drawings.Step(_("Treated: %(n)s") % {"n": figure(treated)}, _("too few to be shown")),
            report_drawings.Step(_("Analysed: not shown")),
        ]
    else:
        known = analysed if seen is None else seen
        steps.append(
            report_drawings.Step(
                _("Treated: %(n)s") % {"n": figure(treated)},
                _("Not followed up: %(n)s") % {"n": figure(treated - known)},
            )
        )
        steps.append(
            report_drawings.Step(
                _("Followed up: %(n)s") % {"n": figure(known)},
                _("No usable result: %(n)s") % {"n": figure(known - analysed)},
            )
        )
        steps.append(report_drawings.Step(_("Analysed: %(n)s") % {"n": figure(analysed)}))
    title = _("From treatment to analysis, at %(n)s months") % {"n": months}
    alt = ". ".join(part for step in steps for part in (step.text, step.beside) if part) + "."
    return _drawn(report_drawings.flow, steps, "flow", title, alt)


def _drawn(draw: Any, what: Any, name: str, title: str, alt: str) -> Drawing:
    page = draw(what, name=name, title=title, description=alt)
    paper = draw(what, name=name, title=title, description=alt, for_print=True)
    return Drawing(title, mark_safe(page), paper, alt)  # what people typed was escaped where it was drawn


def _people(data: dict[str, Any]) -> list[Table]:
    """Who was treated: by band of age, by sex."""
    ages = age_labels() | {"": _("Not known")}
    sexes = {"female": _("Female"), "male": _("Male"), "other": _("Other"), "": _("Not known")}
    tables = []
    for caption, heading, labels, rows in (
        (_("Age at treatment"), _("Years"), ages, data["ages"]),
        (_("Sex"), _("Sex"), sexes, data["sexes"]),
    ):
        if rows:
            cells = [
                [str(labels[name]), str(WITHHELD) if count is None else figure(count)] for name, count in rows
            ]
            tables.append(Table(caption, [heading, _("People")], cells))
    return tables


def _measure(number: int, measure: dict[str, Any], treated: int | None, at_least: bool) -> MeasureShown:
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
    return MeasureShown(
        name=measure["name"],
        id=f"measure{number}",
        facts=facts,
        chart=_chart(number, measure, times) if times else None,
        tables=tables,
    )


def _outcomes(measure: dict[str, Any], times: list[dict[str, Any]]) -> Table:
    rows = []
    for time in times:
        by_name = {tuple(names): count for names, count in time["groups"]}
        row = [_months(time["months"]), _number(time["followed_up"])]
        for name in ("improved", "unchanged", "worse"):
            count = by_name.get((name,))
            row.append(str(WITHHELD) if count is None else _share(count, time["followed_up"]))
        row.append(_number(by_name.get(("lost",))))
        row.append(
            "; ".join(
                f"{words(names)}: {figure(count)}" for names, count in by_name.items() if len(names) > 1
            )
        )
        rows.append(row)
    headings = [
        _("After"),
        _("Followed up"),
        _("Improved"),
        _("No change"),
        _("Worse"),
        _("Not followed up"),
    ]
    if any(row[-1] for row in rows):
        headings.append(_("Together"))
    else:
        rows = [row[:-1] for row in rows]
    caption = _("%(measure)s: people, and their share of those followed up (95 %% interval)") % {
        "measure": measure["name"]
    }
    return Table(caption, headings, rows)


def _values(measure: dict[str, Any]) -> Table:
    rows = []
    for value in measure["values"]:
        spread = value.get("median", "")
        if spread:
            spread = f"{spread} ({value['first_quartile']}–{value['third_quartile']})"
        change = value.get("change", "")
        if change and value.get("low"):
            change = _("%(mean)s (%(low)s to %(high)s)") % {
                "mean": _signed(change),
                "low": _signed(value["low"]),
                "high": _signed(value["high"]),
            }
        when = _("Before treatment") if not value["months"] else _months(value["months"])
        rows.append([when, _number(value["n"]), spread or str(WITHHELD), change or "–"])
    caption = _("%(measure)s: values. Nothing that is missing is filled in") % {"measure": measure["name"]}
    headings = [
        _("When"),
        _("People measured"),
        _("Median (quartiles)"),
        _("Mean change since before (95 % interval)"),
    ]
    return Table(caption, headings, rows)


def _signed(number: str) -> str:
    return f"−{number[1:]}" if number.startswith("-") else f"+{number}"


def _months(months: int) -> str:
    return period(months) if months != 12 else _("12 months")


def _number(number: int | None) -> str:
    return str(WITHHELD) if number is None else figure(number)


def _share(count: int, of: int | None) -> str:
    """'210 (55%, 50 to 60%)': the share with Wilson's interval."""
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
            _months(time["months"]),
            tuple(report_drawings.Part(tuple(names), count) for names, count in time["groups"]),
        )
        for time in times
    ]
    said = [
        f"{row.label}: " + ", ".join(f"{figure(part.count)} {words(part.names)}" for part in row.parts)
        for row in rows
    ]
    title = _("%(measure)s: everybody treated, at each time") % {"measure": measure["name"]}
    return _drawn(report_drawings.bars, rows, f"bars{number}", title, ". ".join(said) + ".")


def _notes(data: dict[str, Any]) -> list[str]:
    """How to read the tables: only what this report needs."""
    notes = [
        _(
            "The interval says how far chance alone could move a share. It cannot say that the treatment was the reason."
        )
    ]
    groups = [
        names for measure in data["measures"] for time in measure["times"] for names, _count in time["groups"]
    ]
    hidden = any(count is None for name in ("ages", "sexes") for _group, count in data[name])
    if hidden or any(len(names) > 1 for names in groups):
        notes.append(
            _(
                "Fewer than five people are never shown on their own, nor a number from which they could be worked out: "
                "such numbers are put together or marked ‘not shown’. A zero is shown."
            )
        )
    return notes
