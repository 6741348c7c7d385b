from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from wagtail.test.utils.form_data import nested_form_data, streamfield

from directory.models import DoctorPage, HospitalPage
from tests.directory.factories import DoctorPageFactory, HospitalPageFactory, doctor_index, hospital_index
from tests.factories import ConditionFactory, TreatmentFactory
from tests.page_checks import html_errors

pytestmark = pytest.mark.django_db


def soup_of(client: Client, url: str, **query: str) -> Any:
    response = client.get(url, query)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def places(soup: Any) -> list[str]:
    return [place.h3.get_text(strip=True) for place in soup.select("article.place")]


@pytest.fixture
def palsy() -> Any:
    return ConditionFactory(name="Cerebral palsy", names=["CP"])


@pytest.fixture
def east(palsy: Any) -> HospitalPage:
    diplegia = ConditionFactory(name="Spastic diplegia", parent=palsy)
    cells = TreatmentFactory(name="Cord blood cells", names=["stem cells"])
    return HospitalPageFactory(
        title="Example East", city="Qingdao", country="CN", languages=["zh", "en"], conditions=[diplegia], treatments=[cells],
        is_partner=True, pays_for_site=True, patients_treated=612, patients_treated_at_least=True,
        patients_treated_source="The hospital’s register", patients_treated_on=dt.date(2026, 3, 1),
        website="https://east.example.org/", phone="+86 532 0000", address="1 Sea Road",
    )  # fmt: skip


@pytest.fixture
def west() -> HospitalPage:
    return HospitalPageFactory(title="Example West", city="İzmir", country="TR", languages=["tr"])


class TestSearch:
    @pytest.mark.parametrize(
        "q",
        [
            "CP",
            "cp",
            "cerebral palsy",
            "diplegia",
            "stem cells",
            "cord blood",
            "east",
            "qing",
            "China",
            "china cp",
        ],
    )
    def test_finds_by_name_place_condition_treatment_and_lay_name(
        self, client: Client, east: HospitalPage, west: HospitalPage, q: str
    ) -> None:
        assert places(soup_of(client, hospital_index().url, q=q)) == ["Example East"]

    def test_accents_do_not_matter(self, client: Client, east: HospitalPage, west: HospitalPage) -> None:
        assert places(soup_of(client, hospital_index().url, q="izmir")) == ["Example West"]

    def test_a_word_is_not_found_inside_another(self, client: Client, east: HospitalPage) -> None:
        assert places(soup_of(client, hospital_index().url, q="ast")) == []

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("country", "CN"),
            ("condition", "cerebral-palsy"),
            ("condition", "spastic-diplegia"),
            ("treatment", "cord-blood-cells"),
            ("language", "zh"),
        ],
    )
    def test_narrows_by_choices(
        self, client: Client, east: HospitalPage, west: HospitalPage, name: str, value: str
    ) -> None:
        soup = soup_of(client, hospital_index().url, **{name: value})
        assert places(soup) == ["Example East"]
        assert len(soup.select(".chips li")) == 1
        assert soup.select_one(f'select[name="{name}"] option[selected]')["value"] == value

    def test_what_was_typed_is_kept_when_nothing_is_found(self, client: Client, east: HospitalPage) -> None:
        soup = soup_of(client, hospital_index().url, q='nowhere "<b>')
        assert places(soup) == []
        assert soup.select_one('input[name="q"]')["value"] == 'nowhere "<b>'
        assert "Nothing fits" in soup.get_text()

    @pytest.mark.parametrize(
        "query",
        ["page=x&q=", "country=&condition=", "country=%00", "language=xx&page=0", "condition=" + "x" * 3000],
    )
    def test_junk_in_the_address_shows_the_list(self, client: Client, east: HospitalPage, query: str) -> None:
        assert places(soup_of(client, f"{hospital_index().url}?{query}")) == ["Example East"]

    @pytest.mark.parametrize("q", ["\0", '"', "(((", "%", "\\", "a " * 3000, "'; --"])
    def test_no_word_breaks_it(self, client: Client, east: HospitalPage, q: str) -> None:
        soup_of(client, hospital_index().url, q=q)
        soup_of(client, doctor_index().url, q=q)

    def test_every_control_has_a_label(self, client: Client, east: HospitalPage) -> None:
        soup = soup_of(client, hospital_index().url)
        controls = soup.select("form.panel input, form.panel select")
        assert len(controls) == 5
        for control in controls:
            assert soup.find("label", attrs={"for": control["id"]}).get_text(strip=True)

    def test_a_draft_is_not_listed(self, client: Client) -> None:
        HospitalPageFactory(live=False)
        assert places(soup_of(client, hospital_index().url)) == []

    def test_the_two_lists_lead_to_each_other(self, client: Client) -> None:
        hospitals, doctors = hospital_index(), doctor_index()
        assert soup_of(client, hospitals.url).find("a", href=doctors.url)
        assert soup_of(client, doctors.url).find("a", href=hospitals.url)


class TestHospital:
    def test_says_who_pays_and_where_figures_come_from(self, client: Client, east: HospitalPage) -> None:
        text = " ".join(soup_of(client, east.url).get_text().split())
        assert "Partner of this site. Helps to pay for this site." in text
        assert "Being listed here is not a recommendation." in text
        assert "More than 610, as of March 2026" in text
        assert "The hospital’s register" in text
        assert "Chinese, English" in text

    def test_saying_nothing_does_not_mean_independence(self, client: Client, west: HospitalPage) -> None:
        text = soup_of(client, west.url).get_text()
        assert "Not a partner of this site, and does not pay for it." in text
        assert "Not stated" in text

    def test_lists_its_doctors_who_are_live(self, client: Client, east: HospitalPage) -> None:
        DoctorPageFactory(title="Dr Here", hospitals=[east])
        DoctorPageFactory(title="Dr Draft", hospitals=[east], live=False)
        DoctorPageFactory(title="Dr Elsewhere")
        assert places(soup_of(client, east.url)) == ["Dr Here"]

    def test_a_figure_without_source_and_day_is_refused(self, east: HospitalPage) -> None:
        east.patients_treated_source, east.patients_treated_on = "", None
        with pytest.raises(ValidationError) as refused:
            east.full_clean()
        assert set(refused.value.message_dict) == {"patients_treated_source", "patients_treated_on"}

    def test_an_unknown_language_is_refused(self, east: HospitalPage) -> None:
        east.languages = ["zh", "xx"]
        with pytest.raises(ValidationError, match="xx"):
            east.full_clean()

    def test_says_what_it_is_to_search_engines(self, client: Client, east: HospitalPage) -> None:
        data = east.json_ld(client.get(east.url).wsgi_request)
        assert data["@type"] == "Hospital"
        assert data["address"] == {
            "@type": "PostalAddress", "addressLocality": "Qingdao", "addressCountry": "CN", "streetAddress": "1 Sea Road",
        }  # fmt: skip

    def test_an_editor_chooses_languages_and_conditions(
        self, editor_client: Client, west: HospitalPage, palsy: Any
    ) -> None:
        url = f"/admin/pages/{west.pk}/edit/"
        form: Any = BeautifulSoup(editor_client.get(url).content, "html.parser").select_one("#page-edit-form")
        chosen = [option["value"] for option in form.select('select[name="languages"] option[selected]')]
        assert chosen == ["tr"]
        typed = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
        typed |= {area["name"]: area.get_text() for area in form.select("textarea[name]")}
        typed |= nested_form_data({"body": streamfield([])})
        typed |= {"country": "TR", "tone": "sea", "languages": ["tr", "ar"], "conditions": [str(palsy.pk)]}
        for unticked in (
            "is_sample",
            "is_partner",
            "pays_for_site",
            "patients_treated_at_least",
            "show_in_menus",
        ):
            typed.pop(unticked, None)
        response = editor_client.post(url, {**typed, "action-publish": "1"})
        assert response.status_code == 302, response.context["form"].errors
        saved = HospitalPage.objects.get(pk=west.pk)
        assert saved.languages == ["tr", "ar"]
        assert saved.language_names == "Turkish, Arabic"
        assert list(saved.conditions.all()) == [palsy]


class TestDoctor:
    def test_is_found_by_the_hospital_s_name_and_country(
        self, client: Client, east: HospitalPage, west: HospitalPage
    ) -> None:
        DoctorPageFactory(title="Dr A", hospitals=[east])
        DoctorPageFactory(title="Dr B", hospitals=[west], specialty="Rehabilitation doctor")
        url = doctor_index().url
        assert places(soup_of(client, url, q="qingdao")) == ["Dr A"]
        assert places(soup_of(client, url, country="TR")) == ["Dr B"]
        assert places(soup_of(client, url, q="rehab")) == ["Dr B"]

    def test_a_hospital_that_is_taken_down_is_not_named(self, client: Client, east: HospitalPage) -> None:
        doctor = DoctorPageFactory(hospitals=[east])
        east.unpublish()
        for url in (doctor.url, doctor_index().url):
            assert "Example East" not in soup_of(client, url).get_text()

    def test_is_tied_to_this_site_by_a_partner_hospital(
        self, client: Client, east: HospitalPage, west: HospitalPage
    ) -> None:
        tied, free = DoctorPageFactory(hospitals=[east]), DoctorPageFactory(hospitals=[west])
        assert tied.disclosure == "Works at a partner of this site."
        assert tied.disclosure in soup_of(client, east.url).get_text()
        assert free.disclosure == "Not a partner of this site, and does not pay for it."

    def test_says_whether_the_licence_was_checked(self, client: Client) -> None:
        checked = DoctorPageFactory(
            licence_checked_on=dt.date(2026, 3, 3), licence_register="register of Portugal"
        )
        text = " ".join(soup_of(client, checked.url).get_text().split())
        assert "Checked 3 March 2026, register of Portugal" in text
        assert "Not checked by us" in soup_of(client, DoctorPageFactory().url).get_text()

    @time_machine.travel("2026-11-22 12:00 +0000")
    def test_a_check_in_the_future_is_refused(self) -> None:
        doctor: DoctorPage = DoctorPageFactory()
        doctor.licence_checked_on = dt.date(2026, 11, 23)
        with pytest.raises(ValidationError) as refused:
            doctor.full_clean()
        assert set(refused.value.message_dict) == {"licence_checked_on"}

    def test_says_what_it_is_to_search_engines(self, client: Client, east: HospitalPage) -> None:
        doctor = DoctorPageFactory(hospitals=[east])
        data = doctor.json_ld(client.get(doctor.url).wsgi_request)
        assert data["@type"] == "Physician"
        assert data["hospitalAffiliation"] == [{"@type": "Hospital", "name": "Example East"}]


def test_asks_the_database_as_often_with_many_entries(
    client: Client, palsy: Any, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    cells = TreatmentFactory(name="Cells")
    hospitals = [HospitalPageFactory(conditions=[palsy], treatments=[cells], country="CN") for _ in range(13)]
    for hospital in hospitals:
        DoctorPageFactory(hospitals=[hospital], conditions=[palsy], treatments=[cells])
    for index in (hospital_index(), doctor_index()):
        client.get(index.url)
        with django_assert_max_num_queries(15):
            response = client.get(f"{index.url}?q=cp&country=CN")
        assert len(places(BeautifulSoup(response.content, "html.parser"))) == 12


def test_the_pages_are_valid_html(client: Client, east: HospitalPage) -> None:
    doctor = DoctorPageFactory(hospitals=[east], appointments="By video")
    urls = [east.url, doctor.url, f"{hospital_index().url}?q=cp&country=CN", doctor_index().url]
    assert html_errors({url: client.get(url).content.decode() for url in urls}) == []


def test_editors_find_them_in_lists(editor_client: Client, east: HospitalPage, west: HospitalPage) -> None:
    DoctorPageFactory(specialty="Child neurologist")
    hospitals = editor_client.get("/admin/hospitals/?country=CN").content.decode()
    assert "Qingdao" in hospitals
    assert "Example West" not in hospitals
    assert "Child neurologist" in editor_client.get("/admin/doctors/").content.decode()


class TestNumberOfPatients:
    @pytest.mark.parametrize(
        ("number", "at_least", "shown"),
        [
            (612, False, "About 610"),
            (613, False, "About 615"),
            (614, True, "More than 610"),
            (7, False, "Fewer than 10"),
            (7, True, "Fewer than 10"),
            (0, False, "Fewer than 10"),
            (None, False, ""),
        ],
    )
    def test_is_rounded_like_every_number_of_people(
        self, number: int | None, at_least: bool, shown: str
    ) -> None:
        hospital = HospitalPage(patients_treated=number, patients_treated_at_least=at_least)
        assert hospital.treated_text == shown

    def test_no_page_shows_the_typed_number(self, client: Client, east: HospitalPage) -> None:
        for url in (east.url, hospital_index().url):
            assert "612" not in client.get(url).content.decode(), url
        assert "More than 610" in soup_of(client, east.url).get_text()
