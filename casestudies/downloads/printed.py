"""A case study as a PDF: what the page says, in the page's order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.rich_text import expand_db_html

from casestudies.downloads.disclosures import Statements, newer_version, statements
from casestudies.downloads.prose import blocks_of
from casestudies.downloads.report import CaseReport
from casestudies.measurements import Measurements
from figures import pdf
from figures.charts import draw
from figures.relative_time import months_in_short
from measures.charts.wording import assessor
from treatments.templatetags.treatments_tags import cohort_of, lower_first

# The disclosures under 'How this case study was made'; D1 has its table, D3 and D9 their heading.
OTHERS = ("D2", "D4", "D5", "D6", "D7", "D8", "D10", "D11", "D12")


def make(page: CaseReport, request: HttpRequest) -> bytes:
    """The PDF of the page as readers see it. Raises pdf.PdfError."""
    context = page.get_context(request)
    address = page.get_full_url(request) or ""
    published = page.published
    return pdf.render(
        pdf.Document(
            title=page.title,
            blocks=_blocks(page, context, request),
            day=published or dt.date(1970, 1, 1),
            language=get_language() or "en",
            authors=[author.name for author in context["authors"]],
            description=page.description,
            keywords=[word.strip() for word in page.keywords.split(",") if word.strip()],
            footer=" · ".join(
                part
                for part in (
                    page.case_number,
                    _("version %(version)s") % {"version": page.version},
                    address,
                )
                if part
            ),
        )
    )


class _Parts:
    """The blocks of the document, heading by heading; a heading without content is left out."""

    def __init__(self, page: CaseReport, contents: dict[str, str]) -> None:
        self.page, self.contents = page, contents
        self.blocks: list[pdf.Block] = []

    def part(self, id_: str, *under: list[pdf.Block]) -> None:
        found = [block for blocks in under for block in blocks]
        if id_ in self.contents and found:
            self.blocks += [pdf.heading(self.contents[id_]), *found]

    def prose(self, name: str, title: str = "") -> list[pdf.Block]:
        found = blocks_of(expand_db_html(getattr(self.page, name) or ""))
        return [pdf.heading(title, 2), *found] if found and title else found


def _blocks(page: CaseReport, context: dict[str, Any], request: HttpRequest) -> list[pdf.Block]:
    told = statements(page, context, request)
    parts = _Parts(page, context["contents"])
    parts.blocks += _opening(page, context)
    abstract = [
        (_("What this case adds"), page.abstract_adds),
        (_("Symptoms and findings"), page.abstract_findings),
        (_("Treatment and outcome"), page.abstract_interventions),
        (_("Conclusion"), page.abstract_conclusion),
        (_("Key words"), page.keywords),
    ]
    said = [(term, words) for term, words in abstract if words]
    parts.part("abstract", [pdf.facts(said)] if said else [])
    parts.part("intro", parts.prose("introduction"))
    parts.part(
        "patient",
        parts.prose("demographics"),
        parts.prose("main_symptoms", _("Main symptoms")),
        parts.prose("history", _("History")),
        parts.prose("past_interventions", _("Earlier treatment")),
    )
    parts.part("findings", parts.prose("clinical_findings"))
    parts.part("timeline", _timeline(context))
    parts.part(
        "tests",
        parts.prose("diagnostic_methods"),
        parts.prose("diagnostic_reasoning", _("Diagnosis, and why")),
        parts.prose("diagnostic_challenges", _("What made it difficult")),
        parts.prose("prognosis", _("What was to be expected")),
    )
    parts.part(
        "treatment",
        parts.prose("intervention"),
        _given(context),
        parts.prose("intervention_changes", _("What was changed")),
    )
    parts.part(
        "outcomes",
        parts.prose("outcomes"),
        _measured(context),
        parts.prose("follow_up_tests", _("Tests at follow-up")),
        parts.prose("adherence", _("Adherence")),
    )
    unsaid = _("Not stated in this report. That does not mean that there were none.")
    parts.part("harms", parts.prose("adverse_events") or [pdf.paragraph(unsaid)])
    parts.part(
        "discussion",
        parts.prose("strengths_limits", _("Strengths and limits")),
        parts.prose("literature", _("What others have found")),
        parts.prose("rationale", _("Why we think so")),
        parts.prose("take_away", _("What to remember")),
    )
    parts.part("perspective", _perspective(page, context))
    parts.part("consent", _told(told, ("D3", "D9")))
    parts.part("refs", _references(context))
    parts.blocks += _all_treated(context["cohort_page"], page)
    parts.blocks += [pdf.heading(_("How this case study was made")), *_told(told, OTHERS)]
    parts.part("save", _closing(page, context, request))
    return parts.blocks


def _all_treated(cohort_page: Any, page: CaseReport) -> list[pdf.Block]:
    """Return what is known of all people treated: it goes wherever the one case goes (disclosure D1)."""
    conditions = page.shown_conditions
    shown = cohort_of(cohort_page, condition=lower_first(conditions[0].name) if conditions else "")
    blocks = [pdf.heading(_("All people treated"))]
    if shown.get("few"):
        return [*blocks, pdf.paragraph(shown["sentence"])]
    if "sentence" not in shown:
        unknown = _("Not known. There is no count of all people treated and their outcomes.")
        return [*blocks, pdf.paragraph(unknown)]
    rows = [[row.label, row.count, row.of_followed, row.of_treated] for row in shown["rows"]]
    head = [_("What happened"), _("People"), _("Of those followed up"), _("Of those treated")]
    blocks += [pdf.paragraph(shown["sentence"]), pdf.table(head, rows, caption=str(shown["caption"]))]
    if shown.get("source"):
        blocks.append(pdf.paragraph(_("Source: %(source)s") % {"source": shown["source"]}, "small"))
    return blocks


def _opening(page: CaseReport, context: dict[str, Any]) -> list[pdf.Block]:
    by = "; ".join(author.in_words for author in context["authors"]) or _("Authors not stated.")
    blocks = [pdf.paragraph(by, "small")]
    if page.is_sample:
        blocks.append(pdf.note(_("Sample content: patient, authors and data are invented")))
    if page.plain_summary:
        blocks.append(pdf.paragraph(page.plain_summary, "lede"))
    blocks.append(
        pdf.note(
            _(
                "One patient is not evidence. This is what happened to one person. It cannot show that the "
                "treatment was the reason, and it cannot tell what will happen to someone else."
            )
        )
    )
    told = [(str(term), value) for term, value in page.key_facts if value]
    told.append((_("What happened"), page.outcome_words))
    return [*blocks, pdf.heading(_("Key facts")), pdf.facts(told)]


def _timeline(context: dict[str, Any]) -> list[pdf.Block]:
    if not context["timeline"]:
        return []
    rows = [
        [entry.when, str(entry.get_kind_display()), "\n".join(filter(None, (entry.text, entry.source)))]
        for entry in context["timeline"]
    ]
    return [
        pdf.table(
            [_("When"), _("Type"), _("What happened")],
            rows,
            caption=_("Times are relative. Dates are not published."),
            widths=[2, 1, 5],
        )
    ]


def _given(context: dict[str, Any]) -> list[pdf.Block]:
    if not context["treatments_given"]:
        return []
    unsaid = _("not stated")
    rows = [
        [
            str(number),
            unsaid if one.day is None else str(one.day),
            one.kind,
            one.dose or unsaid,
            one.route or unsaid,
            one.side_effects or unsaid,
        ]
        for number, one in enumerate(context["treatments_given"], start=1)
    ]
    head = [_("No."), _("Day"), _("Type"), _("Dose"), _("Route"), _("Side effects")]
    caption = _("Treatments, by day. Day 1 is the first treatment.")
    return [pdf.table(head, rows, caption=caption, widths=[0, 0, 3, 2, 2, 3])]


def _measured(context: dict[str, Any]) -> list[pdf.Block]:
    """The page's charts and tables of measurements; how the family judged stands apart."""
    outcomes = context["outcomes"]
    return [
        *_charts(context),
        *_values(outcomes.measurements, _("Measurements, by months from treatment. 0 is the treatment.")),
        *_values(outcomes.ratings, _("As the family judged it, by months from treatment.")),
        *(pdf.paragraph(said, "small") for said in outcomes.remarks),
    ]


def _values(found: Measurements, caption: str) -> list[pdf.Block]:
    if not found:
        return []
    ways = {"higher": _("higher is better"), "lower": _("lower is better")}
    rows = [
        [
            ", ".join(part for part in (row.measure, row.unit, ways.get(row.better, "")) if part),
            *(value or "–" for value in row.values),
            ", ".join(filter(None, map(assessor, row.assessed_by))) or _("not stated"),
        ]
        for row in found.rows
    ]
    head = [_("Measure"), *(months_in_short(months) for months in found.months), _("Measured by")]
    return [pdf.table(head, rows, caption=caption, widths=[4, *(1 for _month in found.months), 2])]


def _charts(context: dict[str, Any]) -> list[pdf.Block]:
    """The page's charts, drawn for print, with the same sentences under them."""
    return [
        block
        for number, chart in enumerate(context["charts"], start=1)
        for block in (
            pdf.picture(
                draw(chart, "print", name=f"chart-{number}"),
                alt=f"{chart.title}. {chart.description}",
                caption=f"{chart.heading}. {chart.way}.",
                width=0.6,
            ),
            pdf.paragraph(" ".join([*chart.captions, *chart.sources]), "small"),
        )
    ]


def _perspective(page: CaseReport, context: dict[str, Any]) -> list[pdf.Block]:
    said = context["perspective"]
    if said is None:
        return []
    words = _("In other words: %(words)s") % {"words": said.text} if said.reworded else f"“{said.text}”"
    asked = (
        [pdf.paragraph(_("Asked: %(question)s") % {"question": said.asked}, "small")] if said.asked else []
    )
    return [*asked, pdf.quote(words, page.perspective_by)]


def _told(told: Statements, marks: Collection[str]) -> list[pdf.Block]:
    return [pdf.facts([(term, words) for term, words, mark in told if mark in marks])]


def _references(context: dict[str, Any]) -> list[pdf.Block]:
    rows = []
    for one in context["references"]:
        spans = [pdf.Span(one.text)]
        if one.doi:
            spans += [pdf.Span(" "), pdf.Span(f"doi:{one.doi}", href=one.doi_url)]
        if one.pmid:
            spans += [pdf.Span(" "), pdf.Span(f"PMID {one.pmid}", href=one.pmid_url)]
        rows.append(spans)
    return [pdf.listing(rows, ordered=True)] if rows else []


def _closing(page: CaseReport, context: dict[str, Any], request: HttpRequest) -> list[pdf.Block]:
    address = page.get_full_url(request) or ""
    told = [
        (_("How to cite"), context["citation"]),
        (_("This version"), newer_version(page, request)),
        (_("Address"), [pdf.Span(address, href=address)]),
    ]
    told += [
        (
            _("Version %(number)s, %(date)s")
            % {"number": version.number, "date": date_format(version.published_on, "DATE_FORMAT")},
            version.note or (_("First published.") if version.is_first else "–"),
        )
        for version in context["versions"]
    ]
    told.append((_("Compared with the CARE guideline for case reports"), context["care"]))
    told += [(str(gap.item.name), gap.reason) for gap in context["gaps"]]
    return [pdf.facts(told)]
