"""A report's data in words, tables and drawings: made once, for the page and for the PDF, so that both say
the same.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts import report_drawings
from cohorts.report_drawings import Step
from cohorts.report_measures import shown_measure
from cohorts.report_parts import Drawing, ShownReport, Table, drawn, number_words
from cohorts.treatment_figures import main_time
from disclosure_control.rules import DEFAULT
from pages.age_bands import age_labels
from pages.numbers import figure
from pages.outcome_counts import OutcomeGroup
from pages.wording import few_sentence, outcome_sentences

SOURCES = {
    "registry": gettext_lazy("Our own registry"),
    "partner": gettext_lazy("A partner’s figure"),
    "study": gettext_lazy("A published study"),
}


def shown_report(data: dict[str, Any]) -> ShownReport:
    """Return what a reader of one version sees. `data`: from `published.report_data`, small numbers withheld
    already.
    """
    treated = data["treated"]
    return ShownReport(
        title=data["title"],
        facts=_facts(data),
        sentence=_sentence(data),
        method=_paragraphs(data["method"]) or [_("Not stated.")],
        flow=_flow(data),
        people=_people(data),
        measures=[
            shown_measure(number, measure, treated)
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


def _fewest(data: dict[str, Any]) -> int:
    """Return how many people a figure of this version describes at least."""
    return int(data["rules"][2]) if data.get("rules") else DEFAULT.fewest


def _facts(data: dict[str, Any]) -> list[tuple[str, str]]:
    begin, end = (text[:4] for text in data["period"])
    years = "–".join(dict.fromkeys(year for year in (begin, end) if year))
    if data.get("few"):
        treated = _("fewer than %(n)s people") % {"n": figure(_fewest(data))}
    elif data["treated"] is None:
        treated = _("Not known")
    else:
        words = _("more than %(n)s") if data["at_least"] else _("about %(n)s")
        treated = words % {"n": figure(data["treated"])}
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
            else _("Taken from the source"),
        ),
    ]


def _sentence(data: dict[str, Any]) -> str:
    """Return what became of everyone treated, in a few sentences."""
    if data.get("few"):
        return few_sentence(_fewest(data), "")
    if data["treated"] is None:
        return _("How many people were treated is not known.")
    main = main_time(data)
    groups = [OutcomeGroup(tuple(names), count) for names, count in main["groups"]] if main else []
    return outcome_sentences(
        data["treated"],
        groups,
        followed_up=main["followed_up"] if main else None,
        months=main["months"] if main else None,
        over=data["at_least"],
    )


def _flow(data: dict[str, Any]) -> Drawing | None:
    """Draw treated, followed up and analysed, with those who leave between the steps."""
    main = main_time(data)
    if main is None:
        return None
    steps = _steps(data["treated"], main["seen"], main["followed_up"])
    title = _("From treatment to analysis, at %(n)s months") % {"n": main["months"]}
    alt = ". ".join(part for step in steps for part in (step.text, step.leaving) if part) + "."
    return drawn(report_drawings.flow, steps, "flow", title, alt)


def _steps(treated: int, seen: int | None, analysed: int | None) -> list[Step]:
    """Return the boxes of the flow. `seen` None: not known or not published; then it is at
    least `analysed`.
    """
    first = _("Treated: %(n)s") % {"n": figure(treated)}
    if analysed is None:
        return [Step(first, _("too few to be shown")), Step(_("Analysed: not shown"))]
    known = analysed if seen is None else seen
    return [
        Step(first, _("Lost to follow-up: %(n)s") % {"n": figure(treated - known)}),
        Step(
            _("Followed up: %(n)s") % {"n": figure(known)},
            _("No usable result: %(n)s") % {"n": figure(known - analysed)},
        ),
        Step(_("Analysed: %(n)s") % {"n": figure(analysed)}),
    ]


def _people(data: dict[str, Any]) -> list[Table]:
    """Return who was treated: by age band and by sex."""
    ages = age_labels() | {"": _("Not known")}
    sexes = {"female": _("Female"), "male": _("Male"), "other": _("Other"), "": _("Not known")}
    tables = []
    for caption, heading, labels, rows in (
        (_("Age at treatment"), _("Years"), ages, data["ages"]),
        (_("Sex"), _("Sex"), sexes, data["sexes"]),
    ):
        if rows:
            cells = [[str(labels[name]), number_words(count)] for name, count in rows]
            tables.append(Table(caption, [heading, _("People")], cells))
    return tables


def _notes(data: dict[str, Any]) -> list[str]:
    """Return how to read the tables: only what this report needs."""
    notes = [
        _(
            "The interval says how far chance alone could move a share. It cannot say that the treatment was "
            "the reason."
        )
    ]
    groups = [
        names for measure in data["measures"] for time in measure["times"] for names, _count in time["groups"]
    ]
    if data["treated"] is None:
        return notes
    smallest, base, fewest = data.get("rules") or (DEFAULT.smallest, 1, DEFAULT.smallest)
    if base > 1:
        notes.append(
            _(
                "Every number of people is rounded to a multiple of %(base)s, so shares are approximate. "
                "Medians, quartiles and means are rounded, too."
            )
            % {"base": base}
        )
    hidden = any(count is None for name in ("ages", "sexes") for _group, count in data[name])
    if hidden or any(len(names) > 1 for names in groups):
        notes.append(
            _(
                "Fewer than %(smallest)s people are never shown on their own, nor a number from which they "
                "could be worked out: such numbers are combined or marked ‘not shown’. A zero is shown."
            )
            % {"smallest": smallest}
        )
    if any(value["n"] is None or not value.get("median") for m in data["measures"] for value in m["values"]):
        notes.append(
            _(
                "A mean is not shown of fewer than %(few)s people, a median of fewer than %(twice)s, "
                "quartiles of fewer than %(four)s: they would tell the values of single people."
            )
            % {"few": fewest, "twice": 2 * fewest, "four": 4 * fewest}
        )
    return notes
