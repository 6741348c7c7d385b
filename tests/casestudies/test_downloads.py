"""What a reader may take away: the same figures as the page, no dates, and nothing once the page is gone."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections import defaultdict
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.test import Client
from google.protobuf.json_format import Parse
from hypothesis import given
from hypothesis import strategies as st
from phenopackets import Phenopacket
from pypdf import PdfReader
from wagtail.models import PageViewRestriction

from casestudies.downloads.outcomes import harmless
from casestudies.downloads.prose import blocks_of
from casestudies.models import CaseStudyPage
from conditions.models import ConditionCode
from consent.uses import Use
from figures import pdf
from pages.models import SiteSettings
from tests.casestudies.factories import CaseStudyPageFactory
from tests.factories import ConditionFactory, PersonFactory, TreatmentFactory, TreatmentPageFactory, consent

KINDS = ["pdf", "csv", "json"]


def pdf_words(body: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(body)).pages)


def rows_of(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


class TestHarmless:
    @pytest.mark.parametrize(
        "typed",
        ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1", "|x", "%0A"],
    )
    def test_a_formula_becomes_words(self, typed: str) -> None:
        assert harmless(typed) == f"'{typed}"

    @pytest.mark.parametrize(
        "typed", ["55.6", "-3", "−3", "+1.5", "III", "1+", "", "under 1", "3 months before"]
    )
    def test_values_stay_what_they_are(self, typed: str) -> None:
        assert harmless(typed) == typed

    @given(st.text(max_size=20))
    def test_no_cell_begins_as_a_formula_unless_it_is_a_number(self, typed: str) -> None:
        made = harmless(typed)
        if made.lstrip()[:1] in {*"=+-@"}:
            float(made)


class TestProse:
    def test_rich_text_becomes_spans_paragraphs_and_lists(self) -> None:
        blocks = blocks_of(
            '<p>10<sup>7</sup> <b>cells &amp; <i>more</i></b> [1]</p><ul><li>one</li><li><a href="https://a.b/">two</a></li></ul>'
        )
        assert [block["kind"] for block in blocks] == ["paragraph", "list"]
        spans = [(span["text"], span["bold"], span["italic"], span["raised"]) for span in blocks[0]["spans"]]
        assert spans == [
            ("10", False, False, ""), ("7", False, False, "super"), (" ", False, False, ""),
            ("cells & ", True, False, ""), ("more", True, True, ""), (" [1]", False, False, ""),
        ]  # fmt: skip
        assert [row[0]["href"] for row in blocks[1]["rows"]] == ["", "https://a.b/"]

    @given(st.text(alphabet="<>/pliuobr &;a=\"'", max_size=60))
    def test_broken_markup_breaks_nothing(self, typed: str) -> None:
        assert isinstance(blocks_of(typed), list)


@pytest.mark.django_db
class TestDownloads:
    def test_the_page_offers_each_to_view_and_to_save(self, client: Client) -> None:
        page = CaseStudyPageFactory(whole=True)
        html = client.get(page.url).content.decode()
        for kind in KINDS:
            assert f'href="{page.url}{kind}/"' in html
            assert f'href="{page.url}{kind}/save/"' in html

    @pytest.mark.parametrize(
        ("kind", "type_"),
        [("pdf", "application/pdf"), ("csv", "text/csv; charset=utf-8"), ("json", "application/json")],
    )
    def test_view_opens_and_save_saves(self, client: Client, kind: str, type_: str) -> None:
        page = CaseStudyPageFactory(whole=True)
        view, save = client.get(f"{page.url}{kind}/"), client.get(f"{page.url}{kind}/save/")
        assert view.status_code == save.status_code == 200
        assert view["Content-Type"] == save["Content-Type"] == type_
        assert view["Content-Disposition"].startswith(f'inline; filename="rh-cs-014-version-2.{kind}"')
        assert save["Content-Disposition"].startswith(f'attachment; filename="rh-cs-014-version-2.{kind}"')
        assert view["X-Content-Type-Options"] == "nosniff"
        assert "no-cache" in view["Cache-Control"]
        assert view["X-Robots-Tag"] == "noindex"

    def test_asked_again_it_is_not_sent_again(self, client: Client) -> None:
        page = CaseStudyPageFactory(whole=True)
        first = client.get(f"{page.url}pdf/")
        again = client.get(f"{page.url}pdf/", headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")

    def test_the_pdf_has_the_page_s_figures_and_is_tagged(self, client: Client) -> None:
        page = CaseStudyPageFactory(whole=True)
        body = client.get(f"{page.url}pdf/").content
        reader = PdfReader(io.BytesIO(body))
        root: Any = reader.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert root["/Lang"] == "en"
        assert b"pdfuaid:part>1<" in root["/Metadata"].get_object().get_data()
        words = pdf_words(body)
        for figure in (
            "50.8",
            "51.2",
            "53.4",
            "55.6",
            "GMFM-66",
            "1 packet",
            "5 years and 6 months before",
            "IV",
            "LP",
        ):
            assert figure in words, figure
        for part in (
            "Abstract",
            "Timeline",
            "Side effects",
            "Patient perspective",
            "How to cite",
            page.title,
        ):
            assert part in words, part
        assert "PMID 9183258" in words

    def test_the_csv_has_a_row_for_each_value_in_order(self, client: Client) -> None:
        page = CaseStudyPageFactory(whole=True)
        rows = rows_of(client.get(f"{page.url}csv/").content)
        assert [(row["measure"], row["months"], row["value"]) for row in rows if row["measure"] == "GMFM-66"] == [
            ("GMFM-66", "-3", "50.8"), ("GMFM-66", "0", "51.2"), ("GMFM-66", "3", "53.4"), ("GMFM-66", "12", "55.6"),
        ]  # fmt: skip
        assert {row["when"] for row in rows} >= {"3 months before", "Treatment", "12 months after"}
        assert all(row["case"] == "RH-CS-014" for row in rows)

    def test_every_file_says_what_stands_next_to_the_text(self, client: Client) -> None:
        """Interests, approval, risks, cost, evidence: a file is passed on without the page."""
        condition, treatment = ConditionFactory(name="Palsy"), TreatmentFactory(name="Cells")
        page = CaseStudyPageFactory(whole=True, conditions=[condition], treatments=[treatment])
        TreatmentPageFactory(
            condition=condition, treatment=treatment, approval_status="Approved nowhere.", risks="Fever, rarely.",
            cost_bearer="Families pay all.", patients_treated=103, patients_treated_source="Us",
        )  # fmt: skip
        settings = SiteSettings.for_site(page.get_site())
        settings.publisher, settings.publisher_ties = "The Publisher", "It sells the treatment."
        settings.save()
        soup = BeautifulSoup(client.get(page.url).content.decode(), "html.parser")
        marked: dict[str, list[str]] = defaultdict(list)
        for shown in soup.select("dl [data-d]"):
            words = " ".join(shown.select("dd")[0].get_text(" ").split()).split(" How sure")[0]
            marked[str(shown["data-d"])].append(words)
        assert "It sells the treatment." in marked["D12"]
        pdf_text = pdf_words(client.get(f"{page.url}pdf/").content)
        (row, *_rest) = rows_of(client.get(f"{page.url}csv/").content)
        packet = json.loads(client.get(f"{page.url}json/").content)
        told = " ".join(one.get("description", "") for one in packet["metaData"]["externalReferences"])
        for mark, said in marked.items():
            for one in said:
                if not one.startswith("Is something wrong"):
                    assert one in pdf_text, (mark, one)
                    assert one in told, (mark, one)
                    assert mark in ("D4", "D6", "D7") or one in " ".join(row.values()), (mark, one)
        assert row["approval"] == "Approved nowhere."
        assert row["publisher_interests"] == "It sells the treatment."
        assert row["all_people_treated"].startswith("About 105 people were treated")
        for text in (pdf_text, told, row["newer_version"]):
            # A line of the PDF may end at a hyphen of the address.
            assert page.full_url in "".join(text.split())

    def test_the_id_of_the_json_is_of_this_site_and_stays(self, client: Client) -> None:
        page = CaseStudyPageFactory(whole=True)
        first = json.loads(client.get(f"{page.url}json/").content)
        page.version += 1
        page.save_revision().publish()
        again = json.loads(client.get(f"{page.url}json/").content)
        assert first["id"] == again["id"] == first["subject"]["id"] == f"case-{page.translation_key}"

    def test_no_cell_of_the_csv_is_a_formula(self, client: Client) -> None:
        page = CaseStudyPageFactory(
            title="=HYPERLINK(1): case study",
            observations=[{"measure": "=1+1", "months": 0, "value": "@x", "unit": "+y", "note": "-z()"}],
        )
        cells = list(rows_of(client.get(f"{page.url}csv/").content)[0].values())
        assert not [cell for cell in cells if cell[:1] in "=@+" and cell]
        assert "'=1+1" in cells

    def test_the_json_is_a_valid_phenopacket(self, client: Client) -> None:
        condition = ConditionFactory(name="Spastic diplegia")
        ConditionCode.objects.create(term=condition, system="doid", code="DOID:10965")
        page = CaseStudyPageFactory(whole=True, conditions=[condition])
        packet = json.loads(client.get(f"{page.url}json/").content)
        message = Parse(json.dumps(packet), Phenopacket())
        assert message.diseases[0].term.id == "DOID:10965"
        assert message.subject.time_at_last_encounter.age.iso8601duration == "P8Y"
        assert {one.value.quantity.value for one in message.measurements} >= {50.8, 51.2, 53.4, 55.6}
        assert len(message.medical_actions) == 2

    @pytest.mark.parametrize("kind", KINDS)
    def test_no_exact_date_of_a_measurement_leaves(self, client: Client, kind: str) -> None:
        page = CaseStudyPageFactory(
            whole=True,
            published_on=dt.date(2026, 4, 8),
            observations=[
                {"measure": "GMFM-66", "months": 3, "value": "53.4", "observed_on": dt.date(2023, 7, 19)}
            ],
        )
        body = client.get(f"{page.url}{kind}/").content
        said = pdf_words(body) if kind == "pdf" else body.decode()
        assert "53.4" in said
        for form in ("2023-07", "2023", "July", "19.07", "07/19"):
            assert form not in said, form

    @pytest.mark.parametrize("kind", KINDS)
    def test_a_case_with_nothing_in_it_still_downloads(self, client: Client, kind: str) -> None:
        assert client.get(f"{CaseStudyPageFactory().url}{kind}/").status_code == 200

    def test_what_was_typed_does_not_run_in_the_pdf(self, client: Client) -> None:
        page = CaseStudyPageFactory(whole=True, history='<p>#panic() #read("/etc/passwd")</p>')
        assert '#panic() #read("/etc/passwd")' in pdf_words(client.get(f"{page.url}pdf/").content)


@pytest.mark.django_db
class TestGone:
    """No download outlives the page."""

    @pytest.mark.parametrize("kind", KINDS)
    def test_with_the_page(self, client: Client, kind: str) -> None:
        page = CaseStudyPageFactory(whole=True)
        addresses = [f"{page.url}{kind}/", f"{page.url}{kind}/save/"]
        assert {client.get(one).status_code for one in addresses} == {200}
        CaseStudyPage.objects.get(pk=page.pk).unpublish()
        assert {client.get(one).status_code for one in addresses} <= {404, 410}

    @pytest.mark.parametrize("kind", KINDS)
    def test_of_a_private_page(self, kind: str) -> None:
        page = CaseStudyPageFactory(whole=True)
        restriction = PageViewRestriction.objects.create(
            page=page, restriction_type=PageViewRestriction.GROUPS
        )
        restriction.groups.add(Group.objects.create(name="Readers"))
        stranger = Client()
        assert stranger.get(f"{page.url}{kind}/").status_code == 404

    @pytest.mark.parametrize("rest", ["pdf/other/", "pdf/save/more/", "docx/", "pdf/save/save/", "PDF/"])
    def test_of_addresses_that_are_none(self, client: Client, rest: str) -> None:
        page = CaseStudyPageFactory(whole=True)
        assert client.get(f"{page.url}{rest}").status_code == 404

    def test_only_reading_is_allowed(self, client: Client) -> None:
        page = CaseStudyPageFactory(whole=True)
        assert client.post(f"{page.url}pdf/").status_code == 405


@pytest.mark.django_db
def test_what_consent_leaves_off_the_page_is_left_out_of_the_pdf(client: Client) -> None:
    person = PersonFactory()
    consent(person, [Use.TEXT])
    page = CaseStudyPageFactory(whole=True, person=person, perspective="She hums while she climbs.")
    assert "hums" not in client.get(page.url).content.decode()
    assert "hums" not in pdf_words(client.get(f"{page.url}pdf/").content)


@pytest.mark.django_db
def test_a_pdf_that_fails_is_an_error_and_no_half_file(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_document: Any) -> bytes:
        raise pdf.PdfError("no")

    monkeypatch.setattr(pdf, "render", broken)
    page = CaseStudyPageFactory(whole=True)
    client.raise_request_exception = False
    assert client.get(f"{page.url}pdf/").status_code == 500
    assert not re.search(b"%PDF", client.get(f"{page.url}pdf/").content)
