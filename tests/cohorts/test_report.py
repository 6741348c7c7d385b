"""A cohort's report: the page and the PDF say the same, every version stays, nothing small gets out."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from pypdf import PdfReader

from cohorts.models import Cohort, CohortReport, CohortReportPage
from cohorts.published import report_data
from cohorts.report_content import shown_report
from cohorts.services import data_hash, import_rows, read_for, republish
from tests import factories as make
from tests.cohorts.cohorts import SEED, case, cohort, csv_of, publish, rows_cohort
from tests.page_checks import html_errors
from treatments.templatetags.treatments_tags import cohort_of, typical_box, typical_result

pytestmark = pytest.mark.django_db


def pdf_text(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(bytes(pdf))).pages).split())


def report_page(made: Cohort) -> CohortReportPage:
    parent = make.TreatmentPageFactory(condition=made.condition, treatment=made.treatment)
    page = CohortReportPage(title="Descriptive statistical report", slug="report", cohort=made)
    parent.add_child(instance=page)
    page.save_revision().publish()
    return CohortReportPage.objects.get(pk=page.pk)


def test_the_page_and_its_pdf_say_the_same(client: Any) -> None:
    made = cohort(
        conflicts="The partner sells the treatment.", period_from="2005-01-01", period_to="2025-12-31"
    )
    page = report_page(made)
    html = client.get(page.url).content.decode()
    soup = BeautifulSoup(html, "html.parser")
    shown = " ".join(soup.get_text(" ").split())
    assert (
        "More than 1,240 people were treated. 380 of them were followed up for a year: "
        "210 improved, 150 did not change and 20 got worse. The other 860 or more were lost to follow-up"
        in shown
    )
    assert "The partner sells the treatment." in shown
    pdf = client.get(f"{page.url}pdf/")
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf["Content-Disposition"].startswith("inline")
    assert client.get(f"{page.url}pdf/save/")["Content-Disposition"].startswith("attachment")
    text = pdf_text(pdf.content)
    cells = [cell.get_text(" ", strip=True) for cell in soup.select("table.data td")]
    assert len(cells) >= 4 * 5
    assert [cell for cell in cells if cell not in text] == []
    for words in (
        "More than 1,240 people were treated",
        "No other group was compared.",
        "Analysed: 380",
        "Lost to follow-up: 860",
    ):
        assert words in text
    reader = PdfReader(io.BytesIO(pdf.content))
    catalogue: Any = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalogue
    assert (
        "pdfuaid" in reader.xmp_metadata._root_node.toxml()
        if hasattr(reader.xmp_metadata, "_root_node")
        else True
    )
    assert html_errors({page.url: html}) == []


def test_wilsons_interval_stands_beside_a_share() -> None:
    shown = shown_report(report_data(cohort(live=False)))
    row = shown.measures[0].tables[0].rows[-1]
    assert row == [
        "12 months",
        "380",
        "210 (55%, 50 to 60%)",
        "150 (39%, 35 to 44%)",
        "20 (5%, 3 to 8%)",
        "860",
    ]


def test_identical_data_make_no_new_version_and_old_ones_stay(client: Any) -> None:
    made = cohort()
    page = report_page(made)
    assert republish(cohort=made, by=None) is None
    publish(made)
    first = CohortReport.objects.get()
    figure = made.figures.get(months=12)
    figure.improved, figure.unchanged = 211, 149
    figure.save()
    made = publish(Cohort.objects.get(pk=made.pk))
    assert [report.number for report in made.reports.all()] == [2, 1]
    first.refresh_from_db()
    assert first.data_hash == data_hash(first.data)
    assert "210 improved" in client.get(f"{page.url}version/1/").content.decode()
    assert "This is an earlier version" in client.get(f"{page.url}version/1/").content.decode()
    newest = client.get(page.url).content.decode()
    assert "211 improved" in newest
    assert "version/1/" in newest
    assert "210" in pdf_text(client.get(f"{page.url}version/1/pdf/").content)
    assert client.get(f"{page.url}version/3/").status_code == 404


def test_an_unpublished_cohort_has_no_public_report(client: Any) -> None:
    made = cohort()
    page = report_page(made)
    made.unpublish()
    shown = client.get(page.url)
    assert "not published at the moment" in shown.content.decode()
    assert "1,240" not in shown.content.decode()
    assert client.get(f"{page.url}pdf/").status_code == 404
    assert client.get(f"{page.url}version/1/").status_code == 404


def test_the_treatment_page_leads_to_the_report() -> None:
    made = cohort()
    page = report_page(made)
    parent = page.get_parent().specific
    assert parent.figures_report == page.url
    assert page.url in render_to_string("components/typical.html", typical_box(parent))


# Small numbers --------------------------------------------------------------------------------------------


def test_a_small_number_is_nowhere_in_public(client: Any) -> None:
    made = cohort(
        treated=1000, treated_at_least=False, lines=((12, 383, 213, 167, 3),), title="Small numbers"
    )
    page = report_page(made)
    parent = page.get_parent().specific
    assert (parent.followed_up, parent.improved, parent.unchanged, parent.worse) == (383, 213, None, None)
    said = typical_result(parent)
    assert "no change or worse: 170" in said
    everything = json.dumps(CohortReport.objects.get().data) + said
    assert not re.search(r"\b(3|167)\b(?! *month)", everything.replace("2026", ""))
    shown = render_to_string("components/cohort.html", cohort_of(parent))
    text = " ".join(BeautifulSoup(shown, "html.parser").get_text(" ").split())
    assert "No change or worse 170 44% 17%" in text
    assert "<svg" not in shown
    html = client.get(page.url).content.decode()
    table = [cell.text for cell in BeautifulSoup(html, "html.parser").select("table.data td")]
    assert table == [
        "383",
        "213 (56%, 51 to 61%)",
        "not shown",
        "not shown",
        "617",
        "no change or worse: 170",
    ]
    assert "combined or marked" in html
    assert "167" not in pdf_text(client.get(f"{page.url}pdf/").content).replace("SHA-256", "")


def test_fewer_than_five_treated_are_as_good_as_not_known() -> None:
    made = cohort(treated=4, lines=((12, 4, 2, 1, 1),))
    data = made.reports.get().data
    assert (data["treated"], data["main"], data["measures"][0]["times"]) == (None, None, [])


def test_a_report_of_case_rows_withholds_small_groups_and_what_would_tell_them() -> None:
    made = rows_cohort(live=True)
    rows = []
    for number in range(60):
        after = None if number < 20 else 60 if number < 45 else 50 if number < 57 else 40
        rows += case(number, after=after, age=2 if number < 3 else 8, sex="female" if number < 30 else "male")
    import_rows(cohort=made, read=read_for(made, csv_of(*rows)), by=None)
    data = Cohort.objects.get(pk=made.pk).reports.first().data
    (measure,) = data["measures"]
    (time,) = measure["times"]
    assert time["groups"] == [[["improved"], 25], [["unchanged", "worse"], 15], [["lost"], 20]]
    ages = dict(map(tuple, data["ages"]))
    assert ages["0-2"] is None
    assert sum(count is None for count in ages.values()) >= 2
    assert dict(map(tuple, data["sexes"])) == {"female": 30, "male": 30, "other": 0}
    at_year = next(value for value in measure["values"] if value["months"] == 12)
    assert (at_year["n"], at_year["median"], at_year["change"]) == (40, "60.00", "5.50")
    # No least and no greatest value: each is one person's.
    assert "least" not in json.dumps(data["measures"][0]["values"])


def test_a_drawing_has_its_numbers_in_words_and_escapes_what_was_typed() -> None:
    made = cohort(live=False, measure="<script>alert(1)</script>", lines=SEED)
    shown = shown_report(report_data(made))
    chart = shown.measures[0].chart
    assert "<script" not in chart.svg
    assert "12 months: 210 improved, 150 no change, 20 worse, 860 lost to follow-up" in chart.alt
    assert chart.alt in BeautifulSoup(chart.svg, "html.parser").desc.text
    assert shown.flow.alt.startswith("Treated: 1,240. Lost to follow-up: 860. Followed up: 380.")
