"""A report as PDF, from the same words, tables and drawings as its page."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cohorts.report_content import shown_report
from cohorts.report_disclosures import beside_rows
from cohorts.report_parts import Table
from figures import pdf
from treatments.disclosure_rows import in_text

if TYPE_CHECKING:
    from cohorts.models.report import CohortReportPage


def render_report(
    data: dict[str, Any], *, number: int, day: date, digest: str, page: CohortReportPage | None = None
) -> bytes:
    """The tagged PDF of one version. Raises figures.pdf.PdfError.

    `page`: its page, for the disclosures that stand there and the address of a newer version.
    """
    shown = shown_report(data)
    blocks: list[pdf.Block] = []
    if shown.is_sample:
        blocks.append(pdf.note(_("Sample: the figures are invented to show what such a report looks like.")))
    blocks += [
        pdf.paragraph(shown.sentence, "lede"),
        pdf.facts(shown.facts),
        pdf.heading(_("How it was done")),
        *(pdf.paragraph(text) for text in shown.method),
    ]
    if shown.flow:
        blocks += [
            pdf.heading(_("Who was followed")),
            pdf.picture(shown.flow.for_print, alt=shown.flow.alt, caption=shown.flow.caption, width=0.75),
            pdf.paragraph(shown.flow.alt, "small"),
        ]
    if shown.people:
        blocks += [pdf.heading(_("Who was treated")), *map(_table, shown.people)]
    blocks.append(pdf.heading(_("What was found")))
    if not shown.measures:
        blocks.append(pdf.paragraph(_("Nothing is known.")))
    for measure in shown.measures:
        blocks += [pdf.heading(measure.name, 2), pdf.facts(measure.facts)]
        if measure.chart:
            blocks.append(
                pdf.picture(
                    measure.chart.for_print, alt=measure.chart.alt, caption=measure.chart.caption, width=0.9
                )
            )
        blocks += map(_table, measure.tables)
    blocks += [pdf.paragraph(note, "small") for note in shown.notes]
    blocks += [pdf.heading(_("What it cannot tell you")), pdf.listing(shown.limits)]
    blocks += [pdf.heading(_("Who paid, and whose interests")), pdf.paragraph(shown.conflicts)]
    if shown.reference:
        blocks += [pdf.heading(_("Reference")), pdf.paragraph(shown.reference)]
        if shown.doi:
            blocks.append(pdf.paragraph([pdf.Span(f"doi:{shown.doi}", href=f"https://doi.org/{shown.doi}")]))
    version = _("Version %(number)s, %(day)s") % {"number": number, "day": date_format(day, "DATE_FORMAT")}
    address = (page.full_url or "") if page else ""
    blocks += _beside(page, address)
    blocks += _this_version(version, digest, address)
    return pdf.render(
        pdf.Document(
            title=shown.title,
            blocks=blocks,
            day=day,
            language=get_language() or "en",
            description=shown.sentence,
            footer=" · ".join(filter(None, (f"{shown.title}. {version}", address))),
        )
    )


def _this_version(version: str, digest: str, address: str) -> list[pdf.Block]:
    told: list[tuple[str, pdf.Words]] = [(_("Version"), version), (_("Hash of the data (SHA-256)"), digest)]
    if address:
        told.append((_("For a newer version see"), [pdf.Span(address, href=address)]))
    return [pdf.heading(_("This version")), pdf.facts(told)]


def _beside(page: CohortReportPage | None, address: str) -> list[pdf.Block]:
    if page is None:
        return []
    rows = in_text(beside_rows(page), address)
    return [
        pdf.heading(_("Evidence, approval and side effects")),
        pdf.facts([(term, words) for term, words, _mark in rows]),
    ]


def _table(table: Table) -> pdf.Block:
    return pdf.table(table.headings, table.rows, caption=table.caption)
