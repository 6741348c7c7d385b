from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.template import Context, Template
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from casestudies.models import CaseStudyPage, Observation, Reference, TimelineEntry
from tests.casestudies.factories import CaseStudyPageFactory, case_study_index
from tests.factories import (
    ConditionFactory,
    DocumentFactory,
    PictureFactory,
    TreatmentFactory,
    TreatmentPageFactory,
    consenting,
)
from tests.page_checks import html_errors

pytestmark = pytest.mark.django_db


def soup_of(client: Client, url: str) -> Any:
    response = client.get(url)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def titles(soup: Any) -> list[str]:
    return [card.h3.get_text(strip=True) for card in soup.select("article.card")]


@pytest.fixture
def vocabulary() -> dict[str, Any]:
    palsy = ConditionFactory(name="Cerebral palsy", names=["CP"])
    return {
        "palsy": palsy,
        "diplegia": ConditionFactory(name="Spastic diplegia", parent=palsy),
        "ataxia": ConditionFactory(name="Ataxia"),
        "cells": (cells := TreatmentFactory(name="Cell therapy")),
        "cord": TreatmentFactory(name="Cord blood cells", parent=cells),
        "physio": TreatmentFactory(name="Physiotherapy"),
    }


class TestCaseStudy:
    def test_shows_every_part_in_order_with_a_list_of_contents(self, client: Client) -> None:
        document = DocumentFactory(file=ContentFile(b"Case study, in plain text.", name="report.txt"))
        page = CaseStudyPageFactory(whole=True, documents=[{"title": "Report", "document": document}])
        soup = soup_of(client, page.url)
        ids = [heading["id"] for heading in soup.select(".prose > h2[id]")]
        wanted = (
            "abstract intro patient findings timeline tests treatment outcomes harms discussion perspective"
        )
        assert ids == [*wanted.split(), "consent", "refs", "save"]
        assert [a["href"] for a in soup.select(".toc a")] == [f"#{id_}" for id_ in ids]
        assert len(soup.select("h1")) == 1
        assert "One patient is not evidence" in soup.get_text()
        assert soup.select_one("#cite").get_text() == (
            f"Example A, Example B. {page.title}. Returning Hope case study RH-CS-014, version 2. 2026."
        )

    def test_an_empty_one_says_what_is_not_stated(self, client: Client) -> None:
        soup = soup_of(client, CaseStudyPageFactory().url)
        assert [h["id"] for h in soup.select(".prose > h2[id]")] == ["harms", "consent", "save"]
        assert "That does not mean that there were none" in soup.get_text()
        assert "items are missing" in soup.get_text()

    def test_its_timeline_is_in_order_of_time_and_relative(self, client: Client) -> None:
        soup = soup_of(client, CaseStudyPageFactory(whole=True).url)
        when = [p.find(string=True, recursive=False).strip() for p in soup.select(".time .when")]
        assert when == ["5 years and 6 months before", "Treatment", "1 month after", "12 months after"]

    def test_measurements_stand_side_by_side_and_gaps_are_seen(self, client: Client) -> None:
        table = soup_of(client, CaseStudyPageFactory(whole=True).url).find(id="measured").find_parent("table")
        rows = [
            [" ".join(cell.get_text().split()) for cell in row.find_all(["th", "td"])] for row in table("tr")
        ]
        assert rows[0] == ["Measure", "−3", "0", "3", "12", "Measured by"]
        assert rows[1][0].startswith("GMFM-66 (higher is better")
        assert rows[1][1:] == ["50.8", "51.2", "53.4", "55.6", "Clinician"]
        assert rows[2][1:] == ["–", "3", "–", "2", "not stated"]

    def test_markers_lead_to_references_and_references_out(self, client: Client) -> None:
        soup = soup_of(client, CaseStudyPageFactory(whole=True).url)
        for marker in soup.select('.prose a[href^="#r"]'):
            assert soup.find("li", id=marker["href"][1:])
        assert soup.select_one("#r1 a")["href"] == "https://doi.org/10.1016/j.jclinepi.2017.04.026"
        assert soup.select_one("#r2 a")["href"] == "https://pubmed.ncbi.nlm.nih.gov/9183258/"

    def test_never_shows_whose_record_it_is(self, client: Client) -> None:
        person = consenting(private_name="Realname Secretson", display_name="Hidden")
        html = client.get(CaseStudyPageFactory(whole=True, person=person).url).content.decode()
        assert "Secretson" not in html
        assert "Hidden" not in html

    def test_an_age_over_89_is_shown_as_90_or_over(self, client: Client) -> None:
        page = CaseStudyPageFactory(age_at_treatment=90)
        assert "90 or over" in soup_of(client, page.url).select_one(".facts").get_text()
        page.age_at_treatment = page.age_at_report = 91
        with pytest.raises(ValidationError) as refused:
            page.full_clean()
        says = ["An age over 89 identifies a person. Type 90, which is shown as ‘90 or over’."]
        assert refused.value.message_dict == {"age_at_treatment": says, "age_at_report": says}

    def test_a_report_before_the_treatment_is_refused(self) -> None:
        page = CaseStudyPageFactory(age_at_treatment=7, age_at_report=7)
        page.age_at_report = 6
        with pytest.raises(ValidationError) as refused:
            page.full_clean()
        assert set(refused.value.message_dict) == {"age_at_report"}

    def test_text_typed_by_an_editor_is_not_markup(self, client: Client) -> None:
        page = CaseStudyPageFactory(whole=True, abstract_adds="<script>alert(1)</script> [1]")
        html = client.get(page.url).content.decode()
        assert "<script>alert(1)" not in html
        assert "&lt;script&gt;alert(1)" in html

    def test_says_what_it_is_to_search_engines(self, client: Client, vocabulary: dict[str, Any]) -> None:
        page = CaseStudyPageFactory(whole=True, conditions=[vocabulary["diplegia"]])
        data = page.json_ld(client.get(page.url).wsgi_request)
        assert data["@type"] == ["MedicalScholarlyArticle", "MedicalWebPage"]
        assert data["about"] == [{"@type": "MedicalCondition", "name": "Spastic diplegia"}]
        assert [author["name"] for author in data["author"]] == ["Example A", "Example B"]

    def test_stands_beside_everybody_treated(self, client: Client, vocabulary: dict[str, Any]) -> None:
        TreatmentPageFactory(known=True, condition=vocabulary["palsy"], treatment=vocabulary["cells"])
        page = CaseStudyPageFactory(conditions=[vocabulary["diplegia"]], treatments=[vocabulary["cord"]])
        figure = soup_of(client, page.url).select_one("figure.cohort").get_text(" ", strip=True)
        assert "1,240" in figure
        unknown = CaseStudyPageFactory(conditions=[vocabulary["ataxia"]], treatments=[vocabulary["cord"]])
        assert "Not known" in soup_of(client, unknown.url).select_one("figure.cohort").get_text()

    def test_asks_the_database_as_often_with_many_rows(
        self, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        rows = [{"months": month, "text": "Seen."} for month in range(40)]
        refs = [{"text": f"Example {n}."} for n in range(40)]
        page = CaseStudyPageFactory(timeline=rows, references=refs, picture=PictureFactory())
        client.get(page.url)
        with django_assert_max_num_queries(8):
            client.get(page.url)

    def test_a_fresh_page_of_a_whole_case_asks_eight_times(
        self,
        client: Client,
        vocabulary: dict[str, Any],
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        page = CaseStudyPageFactory(
            whole=True, conditions=[vocabulary["diplegia"]], treatments=[vocabulary["cord"]]
        )
        client.get(case_study_index().url)
        with django_assert_num_queries(8):
            client.get(page.url)

    def test_rows_that_are_read_together_are_the_rows_themselves(self) -> None:
        page = CaseStudyPageFactory(whole=True)
        Observation.objects.filter(page=page, months=12).update(observed_on=dt.date(2025, 4, 8))
        read = CaseStudyPage.objects.get(pk=page.pk).tables()
        for name in CaseStudyPage.TABLES:
            rows = list(getattr(CaseStudyPage.objects.get(pk=page.pk), name).all())
            if not rows:
                assert (name, read[name]) == ("documents", [])
                continue
            fields = [field.attname for field in rows[0]._meta.concrete_fields]
            assert [[getattr(row, field) for field in fields] for row in read[name]] == [
                [getattr(row, field) for field in fields] for row in rows
            ], name


class TestReference:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [("https://doi.org/10.1000/xyz123", "10.1000/xyz123"), ("doi: 10.1000/xyz123", "10.1000/xyz123")],
    )
    def test_keeps_the_plain_doi(self, typed: str, kept: str) -> None:
        reference = Reference(text="Example.", doi=typed, pmid="https://pubmed.ncbi.nlm.nih.gov/9183258/")
        reference.clean()
        assert (reference.doi, reference.pmid) == (kept, "9183258")

    def test_says_what_a_doi_looks_like(self) -> None:
        with pytest.raises(ValidationError, match=r"starts with 10\.") as refused:
            Reference(text="Example.", doi="see the journal", pmid="PMC12").clean()
        assert set(refused.value.message_dict) == {"doi", "pmid"}


class TestIndex:
    def test_a_wide_condition_finds_what_is_tagged_by_a_narrow_one(
        self, client: Client, vocabulary: dict[str, Any]
    ) -> None:
        CaseStudyPageFactory(
            title="Legs", conditions=[vocabulary["diplegia"]], treatments=[vocabulary["cord"]]
        )
        CaseStudyPageFactory(title="Balance", conditions=[vocabulary["ataxia"]])
        url = case_study_index().url
        assert titles(soup_of(client, f"{url}?condition=cerebral-palsy")) == ["Legs"]
        assert titles(soup_of(client, f"{url}?condition=ataxia")) == ["Balance"]
        assert titles(soup_of(client, f"{url}?treatment=cell-therapy")) == ["Legs"]

    def test_narrows_by_age_and_outcome(self, client: Client) -> None:
        CaseStudyPageFactory(title="Young", age_at_treatment=2, outcome="worse")
        CaseStudyPageFactory(title="Old", age_at_treatment=90, outcome="good")
        url = case_study_index().url
        assert titles(soup_of(client, f"{url}?age=0-2")) == ["Young"]
        assert titles(soup_of(client, f"{url}?age=65")) == ["Old"]
        assert titles(soup_of(client, f"{url}?outcome=worse")) == ["Young"]
        assert titles(soup_of(client, f"{url}?outcome=worse&age=65")) == []

    def test_a_draft_is_not_listed(self, client: Client) -> None:
        CaseStudyPageFactory(title="Hidden", live=False)
        assert titles(soup_of(client, case_study_index().url)) == []

    @pytest.mark.parametrize(
        "query",
        [
            "page=999",
            "page=x",
            "page=-1",
            "condition=%00",
            "age=1000",
            "sort=%22",
            "condition[]=1",
            "outcome=" + "x" * 5000,
        ],
    )
    def test_junk_in_the_address_shows_the_list(self, client: Client, query: str) -> None:
        CaseStudyPageFactory(title="Legs")
        assert titles(soup_of(client, f"{case_study_index().url}?{query}")) == ["Legs"]

    def test_asks_the_database_as_often_with_many_case_studies(
        self,
        client: Client,
        vocabulary: dict[str, Any],
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        for number in range(13):
            CaseStudyPageFactory(
                conditions=[vocabulary["diplegia"]], treatments=[vocabulary["cord"]], picture=PictureFactory(),
                age_at_treatment=number,
            )  # fmt: skip
        url = case_study_index().url
        client.get(url)
        with django_assert_max_num_queries(15):
            response = client.get(f"{url}?condition=cerebral-palsy&sort=followed")
        assert len(titles(BeautifulSoup(response.content, "html.parser"))) == 12


class TestTags:
    def test_finds_by_the_vocabulary(self, vocabulary: dict[str, Any]) -> None:
        CaseStudyPageFactory(
            title="Cord", conditions=[vocabulary["diplegia"]], treatments=[vocabulary["cord"]]
        )
        CaseStudyPageFactory(title="Any", conditions=[vocabulary["palsy"]])
        CaseStudyPageFactory(
            title="Physio", conditions=[vocabulary["palsy"]], treatments=[vocabulary["physio"]]
        )
        CaseStudyPageFactory(
            title="Ataxia", conditions=[vocabulary["ataxia"]], treatments=[vocabulary["cord"]]
        )
        CaseStudyPageFactory(title="Draft", conditions=[vocabulary["palsy"]], live=False)
        template = Template(
            "{% load casestudies_tags %}{% case_studies_for c t as cases %}{% for card in cases %}{{ card.title }} {% endfor %}"
        )
        shown = template.render(Context({"c": vocabulary["palsy"], "t": vocabulary["cells"]})).split()
        assert sorted(shown) == ["Any", "Cord"]
        assert template.render(Context({"c": vocabulary["diplegia"], "t": None})).split() == ["Cord"]
        assert template.render(Context({"c": None, "t": None})).split() == []

    def test_a_treatment_page_shows_a_few_and_leads_to_the_list_of_all(
        self, client: Client, vocabulary: dict[str, Any]
    ) -> None:
        page = TreatmentPageFactory(condition=vocabulary["palsy"], treatment=vocabulary["cells"], known=True)
        for _ in range(6):
            CaseStudyPageFactory(conditions=[vocabulary["diplegia"]], treatments=[vocabulary["cord"]])
        assert "case studies about" not in client.get(page.url).content.decode()
        CaseStudyPageFactory(conditions=[vocabulary["palsy"]], treatments=[vocabulary["physio"]])
        soup = soup_of(client, page.url)
        assert len(soup.select("section[aria-labelledby=cases] article")) == 6
        link = soup.select_one("section[aria-labelledby=cases] .more a")
        assert "See all 7 case studies about" in link.get_text()
        assert len(soup_of(client, link["href"]).select("article")) == 7

    def test_the_latest_come_first(self) -> None:
        for day in (1, 3, 2):
            CaseStudyPageFactory(title=f"Day{day}", published_on=f"2026-01-0{day}")
        template = Template(
            "{% load casestudies_tags %}{% latest_case_studies 2 as cases %}{% for card in cases %}{{ card.title }} {% endfor %}"
        )
        assert template.render(Context()).split() == ["Day3", "Day2"]


class TestEditor:
    def test_sees_what_is_missing(self, editor_client: Client) -> None:
        page = CaseStudyPageFactory(whole=True, perspective="")
        form = soup_of(editor_client, f"/admin/pages/{page.pk}/edit/")
        shown = [item for item in form.select("[data-care-item]") if not item.has_attr("hidden")]
        assert [item.b.get_text() for item in shown] == ["Patient perspective"]
        assert shown[0].textarea["name"] == "gap_reasons-12"
        assert form.select_one("[data-care-count]").get_text(strip=True) == "27 of 28 items are answered."

    def test_sees_a_draft_as_it_will_be(self, client: Client) -> None:
        page = CaseStudyPageFactory(whole=True)
        page.timeline.add(TimelineEntry(months=24, text="Walks to school."))
        page.title = "Case study: the draft"
        page.save_revision()
        draft = CaseStudyPage.objects.get(pk=page.pk).get_latest_revision_as_object()
        preview = draft.make_preview_request().render().content.decode()
        assert "Walks to school." in preview
        assert "2 years after" in preview
        assert "Walks to school." not in client.get(page.url).content.decode()

    def test_a_new_one_opens(self, editor_client: Client) -> None:
        index = case_study_index()
        response = editor_client.get(f"/admin/pages/add/casestudies/casestudypage/{index.pk}/")
        assert response.status_code == 200
        assert "The main symptoms, as the patient described them." in response.content.decode()

    def test_finds_case_studies_in_one_list(self, editor_client: Client, vocabulary: dict[str, Any]) -> None:
        CaseStudyPageFactory(
            title="Legs", case_number="RH-CS-014", conditions=[vocabulary["ataxia"]], outcome="worse"
        )
        CaseStudyPageFactory(title="Unsteady hands", outcome="good")
        html = editor_client.get("/admin/case_studies/?outcome=worse").content.decode()
        assert "RH-CS-014" in html
        assert "Ataxia" in html
        assert "Unsteady hands" not in html


def test_the_pages_are_valid_html(client: Client, vocabulary: dict[str, Any]) -> None:
    document = DocumentFactory(file=ContentFile(b"Case study, in plain text.", name="report.txt"))
    whole = CaseStudyPageFactory(
        whole=True, conditions=[vocabulary["diplegia"]], documents=[{"title": "Report", "document": document}]
    )
    urls = [whole.url, CaseStudyPageFactory().url, case_study_index().url]
    assert html_errors({url: client.get(url).content.decode() for url in urls}) == []
