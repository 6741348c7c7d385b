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
from cohorts.report_versions import data_hash, republish
from cohorts.services import import_rows, read_for
from tests import factories as make
from tests.cohorts.cohorts import SEED, case, cohort, csv_of, publish, publish_rows, rows_cohort
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


def test_the_pdf_says_what_stands_next_to_the_report(client: Any) -> None:
    page = report_page(cohort())
    parent = page.get_parent().specific
    parent.approval_status, parent.risks, parent.cost_bearer = (
        "Not approved anywhere.",
        "Fever.",
        "Families pay.",
    )
    parent.save_revision().publish()
    page.save_revision().publish()
    soup = BeautifulSoup(client.get(page.url).content.decode(), "html.parser")
    text = pdf_text(client.get(f"{page.url}pdf/").content)
    shown = [" ".join(row.dd.get_text(" ").split()) for row in soup.select("dl [data-d]")]
    assert {"Not approved anywhere.", "Fever.", "Families pay."} <= set(shown)
    assert [words for words in shown if words.split(" How sure")[0] not in text] == []
    assert page.full_url in text


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
    figure.improved, figure.unchanged = 216, 144
    figure.save()
    made = publish(Cohort.objects.get(pk=made.pk))
    assert [report.number for report in made.reports.all()] == [2, 1]
    first.refresh_from_db()
    assert first.data_hash == data_hash(first.data)
    assert "210 improved" in client.get(f"{page.url}version/1/").content.decode()
    assert "This is an earlier version" in client.get(f"{page.url}version/1/").content.decode()
    newest = client.get(page.url).content.decode()
    assert "215 improved" in newest
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
    assert (parent.followed_up, parent.improved, parent.unchanged, parent.worse) == (385, 215, None, None)
    said = typical_result(parent)
    assert "no change or worse: 170" in said
    everything = json.dumps(CohortReport.objects.get().data) + said
    assert not re.search(r"\b(3|167|213|383)\b(?! *month)", everything.replace("2026", ""))
    shown = render_to_string("components/cohort.html", cohort_of(parent))
    text = " ".join(BeautifulSoup(shown, "html.parser").get_text(" ").split())
    assert "No change or worse 170 44% 17%" in text
    assert "<svg" not in shown
    html = client.get(page.url).content.decode()
    table = [cell.text for cell in BeautifulSoup(html, "html.parser").select("table.data td")]
    assert table == [
        "385",
        "215 (56%, 51 to 61%)",
        "not shown",
        "not shown",
        "615",
        "no change or worse: 170",
    ]
    assert "combined or marked" in html
    assert "167" not in pdf_text(client.get(f"{page.url}pdf/").content).replace("SHA-256", "")


def test_fewer_than_ten_treated_are_said_to_be_fewer_than_ten(client: Any) -> None:
    made = cohort(treated=9, lines=((12, 7, 7, 0, 0),), treated_at_least=False)
    data = made.reports.get().data
    assert (data["treated"], data["few"], data["main"], data["measures"][0]["times"]) == (
        None,
        True,
        None,
        [],
    )
    page = report_page(made)
    parent = page.get_parent().specific
    for shown in (
        client.get(page.url).content.decode(),
        client.get(parent.url).content.decode(),
        typical_result(parent),
        render_to_string("components/cohort.html", cohort_of(parent)),
        pdf_text(client.get(f"{page.url}pdf/").content),
    ):
        assert "Fewer than 10 people were treated" in shown
        assert not re.search(r"\b7 (improved|of them)|\b9 people", shown)


def test_figures_typed_on_a_treatment_page_are_rounded_too(client: Any) -> None:
    page = make.TreatmentPageFactory(
        title="Cord cells", slug="cord-cells", patients_treated=103, followed_up=61, improved=33, unchanged=21, worse=7,
        patients_treated_source="Us", follow_up_source="Us",
    )  # fmt: skip
    html = " ".join(BeautifulSoup(client.get(page.url).content.decode(), "html.parser").get_text(" ").split())
    assert "About 105 people were treated" in html
    assert "65 of them were followed up for a year: 35 improved, 20 did not change and 10 got worse" in html
    assert not re.search(r"\b(103|61|33|21)\b(?!%)", html)


def test_a_report_of_case_rows_withholds_small_groups_and_what_would_tell_them() -> None:
    made = rows_cohort(live=True)
    rows = []
    for number in range(61):
        after = None if number < 20 else 60 if number < 45 else 50 if number < 57 else 40
        rows += case(number, after=after, age=2 if number < 3 else 8, sex="female" if number < 30 else "male")
    import_rows(cohort=made, read=read_for(made, csv_of(*rows)), by=None)
    data = publish_rows(made).data
    (measure,) = data["measures"]
    (time,) = measure["times"]
    assert (data["treated"], time["followed_up"]) == (60, 40)
    assert time["groups"] == [[["improved"], 25], [["unchanged", "worse"], 15], [["lost"], 20]]
    ages = dict(map(tuple, data["ages"]))
    assert ages["0-2"] is None
    assert sum(count is None for count in ages.values()) >= 2
    assert dict(map(tuple, data["sexes"])) == {"female": 30, "male": 30, "other": 0}
    before, at_year = measure["values"]
    # Before treatment, the number of people is rounded like every other.
    assert (before["months"], before["n"]) == (0, 60)
    assert (at_year["n"], at_year["median"], at_year["change"]) == (40, "60", "5")
    # No least and no greatest value: each is one person's.
    assert "least" not in json.dumps(data["measures"][0]["values"])


def test_five_people_have_no_quartiles_and_no_number() -> None:
    """The quartiles of five people are the exact values of three of them."""
    made = rows_cohort(live=True)
    rows = [row for n in range(30) for row in case(n, before=40 + n, after=None)]
    rows += [row for n in range(5) for row in case(n, before=40 + n, after=51.5 + 3 * n)][1::2]
    import_rows(cohort=made, read=read_for(made, csv_of(*rows)), by=None)
    (measure,) = publish_rows(made).data["measures"]
    assert measure["values"][1] == {"months": 12, "n": None}
    assert "51.5" not in json.dumps(measure)


def test_a_drawing_has_its_numbers_in_words_and_escapes_what_was_typed() -> None:
    made = cohort(live=False, measure="<script>alert(1)</script>", lines=SEED)
    shown = shown_report(report_data(made))
    chart = shown.measures[0].chart
    assert "<script" not in chart.svg
    assert "12 months: 210 improved, 150 no change, 20 worse, 860 lost to follow-up" in chart.alt
    assert chart.alt in BeautifulSoup(chart.svg, "html.parser").desc.text
    assert shown.flow.alt.startswith("Treated: 1,240. Lost to follow-up: 860. Followed up: 380.")
