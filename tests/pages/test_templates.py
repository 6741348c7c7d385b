"""The public face as templates: components with and without their optional values, the frame, error pages."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.staticfiles import finders
from django.db import connection
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from config import SITE
from pages.cards import Card
from pages.headings import identified
from pages.templatetags import pages_tags

STATIC = SITE / "static" / "firsthand"
TEMPLATES = SITE / "templates"
COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))

# Components ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", COMPONENTS, ids=lambda file: file.stem)
def test_a_component_states_its_contract(file: Path) -> None:
    assert file.read_text().startswith(("{#", "{% comment %}")), "the first line says what it needs"


# Those that a tag writes, or that show one thing which they cannot do without.
NEED_SOMETHING = {
    "art_picture",
    "picture",
    "field",
    "field_words",
    "cohort_table",
    "followup_line",
    "figure",
    "gallery",
    "audio",
    "document",
    "player",
    "captions",
    "transcript",
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", [file.stem for file in COMPONENTS if file.stem not in NEED_SOMETHING], ids=lambda name: name
)
def test_a_component_stands_without_its_optional_values(name: str, rf: RequestFactory) -> None:
    html = render_to_string(f"components/{name}.html", {}, request=rf.get("/"))
    assert "None" not in html
    assert 'href=""' not in html or name in {"card", "place", "hit", "play", "social", "moment"}, (
        "a link that leads nowhere"
    )


def test_a_card_prints_what_was_typed_as_text() -> None:
    typed = "<script>alert(1)</script> & “more”"
    html = render_to_string(
        "components/card.html",
        {"card": Card(url="/x/", title=typed, who=typed, text=typed, why=typed, kind=typed, outcome="good")},
    )
    assert "<script>" not in html
    assert html.count("&lt;script&gt;") == 5
    assert "out good" not in html, "an outcome without its words is not shown by colour alone"


def test_a_card_says_how_long_and_how_it_ended() -> None:
    card = Card(
        url="/x/", title="T", outcome="worse", outcome_text="Worse", followed_months=30, visits=[12, 30]
    )
    soup = BeautifulSoup(render_to_string("components/card.html", {"card": card}), "html.parser")
    assert [link["href"] for link in soup.find_all("a")] == ["/x/"]
    assert soup.select_one("p.out.worse").get_text(" ", strip=True) == "Worse followed 30 months"
    assert soup.select_one("svg.span path.on")["d"] == "M42 7H240M138 2v10"  # type: ignore[index]


def cohort(**values: Any) -> BeautifulSoup:
    arguments = " ".join(f"{name}=v.{name}" for name in values)
    html = Template(f"{{% load pages_tags %}}{{% cohort {arguments} %}}").render(Context({"v": values}))
    return BeautifulSoup(html, "html.parser")


def test_the_cohort_says_the_same_in_dots_words_and_table() -> None:
    soup = cohort(
        treated=1240, improved=210, unchanged=150, worse=20, months=12, highlight="worse", name="Ines"
    )
    assert soup.select_one("svg title").get_text() == "1,240 dots, one for each person treated"
    assert soup.h2
    assert soup.h2.get_text(strip=True) == "Ines is one dot"
    table = [row.td.get_text() for row in soup.select("tbody tr") if row.td]
    keys = [key.b.get_text() for key in soup.select(".key") if key.b]
    assert table == ["210", "150", "20", "860"]
    assert keys == ["1", *table]
    assert "Ines, one of the 20" in soup.get_text()
    assert len(soup.select("svg circle.you")) == 1


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"treated": None}, "We do not know how many people were treated"),
        ({"treated": None, "condition": "ataxia"}, "how many people were treated for ataxia"),
        ({"treated": 5, "improved": 9}, "We do not know how many people were treated"),
        ({"treated": 400}, "400 people were treated. We do not know how any of them are today."),
        ({"treated": 1, "worse": 1}, "1 person was treated. 1 of them was followed up: 0 improved"),
    ],
)
def test_the_cohort_says_what_is_not_known(values: dict[str, Any], words: str) -> None:
    soup = cohort(**values)
    assert words in soup.get_text()
    assert bool(soup.svg) == (values["treated"] == 400)


def test_a_crowd_is_drawn_ten_to_a_dot_and_no_one_is_marked() -> None:
    soup = cohort(treated=14_000, improved=3, unchanged=4000, worse=900, highlight="improved", name="Ines")
    assert soup.h2
    assert soup.h2.get_text(strip=True) == "One dot is 10 people"
    assert not soup.select(".you")


def test_two_cohorts_on_a_page_share_no_id() -> None:
    html = str(cohort(treated=100)) + str(cohort(treated=100, heading_id="other"))
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids)) > 6


def test_the_mix_of_outcomes_is_in_words_too() -> None:
    html = Template("{% load pages_tags %}{% outcome_mix counts %}").render(
        Context({"counts": {"same": 7, "good": 11}})
    )
    soup = BeautifulSoup(html, "html.parser")
    assert soup.svg
    assert soup.svg["aria-label"] == "11 some improvement, 7 no change"
    assert [span.get_text() for span in soup.select(".out")] == ["11 some improvement", "7 no change"]


# Headings --------------------------------------------------------------------------------------------------


def test_headings_get_addresses_that_do_not_meet() -> None:
    used: dict[str, int] = {}
    html, found = identified("<h2>Who pays?</h2><p>x</p><h2 class='a'>Who <b>pays</b></h2><h2></h2>", used)
    more, others = identified("<h2>Who pays</h2><h2>متى؟</h2><h2>???</h2>", used)
    assert found == [("h-who-pays", "Who pays?"), ("h-who-pays_2", "Who pays")]
    assert others == [("h-who-pays_3", "Who pays"), ("h-متى", "متى؟"), ("h-part", "???")]
    assert re.findall(r'id="([^"]+)"', html + more) == [id_ for id_, _ in found + others]
    assert "<h2></h2>" in html
    assert identified('<h2 id="own">Own</h2>', used) == ('<h2 id="own">Own</h2>', [("own", "Own")])


# The frame -------------------------------------------------------------------------------------------------


class Described(SimpleNamespace):
    def json_ld(self, request: object) -> dict[str, Any]:
        return {"name": "</script><script>alert(1)</script><!-- & é"}


def test_data_for_search_engines_cannot_end_its_own_element(rf: RequestFactory) -> None:
    html = str(pages_tags.json_ld(Context({"page": Described(), "request": rf.get("/")})))
    inside = html.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert not set("<>&") & set(inside)
    assert "é" in inside


def test_the_address_that_counts_drops_filters_but_keeps_a_page_of_a_list(rf: RequestFactory) -> None:
    def canonical(path: str) -> str:
        return pages_tags.canonical_url(Context({"request": rf.get(path)}))

    assert canonical("/search/?q=cp&sort=age") == "http://testserver/search/"
    assert canonical("/experiences/?outcome=worse&page=3") == "http://testserver/experiences/?page=3"
    assert (
        canonical("/experiences/?page=1")
        == canonical("/experiences/?page=²")
        == "http://testserver/experiences/"
    )


def test_the_menu_shows_where_the_reader_is() -> None:
    def current(url: str, path: str) -> str:
        return str(pages_tags.active(url, path))

    assert current("/faq/", "/faq/") == ' aria-current="page"'
    assert current("/experiences/", "/experiences/ines/") == ' aria-current="true"'
    assert current("/", "/faq/") == current("/news/", "/newsletter/") == ""


@pytest.mark.django_db
def test_the_frame_costs_a_visitor_no_query_and_no_session(home: Any, client: Client) -> None:
    client.get("/about/")
    with CaptureQueriesContext(connection) as asked:
        response = client.get("/no-such-page/")
    tables = [query["sql"] for query in asked.captured_queries]
    assert not [sql for sql in tables if '"pages_sitesettings"' in sql]
    assert not [sql for sql in tables if "django_session" in sql or "auth_user" in sql]
    assert "Cookie" not in response.headers.get("Vary", ""), "a visitor's session is not looked at"
    assert not response.cookies


@pytest.mark.django_db
def test_the_home_page_stands_with_nothing_filled_in(home: Any, client: Client) -> None:
    soup = BeautifulSoup(client.get("/").content, "html.parser")
    assert soup.html
    assert soup.html["lang"] == "en"
    assert soup.html["dir"] == "ltr"
    assert len(soup.find_all("h1")) == 1
    assert soup.select_one("link[rel=canonical]")["href"] == home.get_full_url()  # type: ignore[index]
    assert soup.select_one("main#main > a.up[href='#main']")
    assert soup.select_one("body > a.skip[href='#main']")
    assert soup.title
    assert soup.title.get_text(strip=True) == "Returning Hope"


@pytest.mark.django_db
def test_the_page_turns_round_for_arabic(rf: RequestFactory) -> None:
    from django.utils import translation

    with translation.override("ar"):
        html = render_to_string("404.html", request=rf.get("/ar/"))
    soup = BeautifulSoup(html, "html.parser")
    assert soup.html
    assert (soup.html["lang"], soup.html["dir"]) == ("ar", "rtl")


# Errors ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_missing_page_offers_the_search(home: Any, client: Client) -> None:
    response = client.get("/no-such-page/")
    soup = BeautifulSoup(response.content, "html.parser")
    assert response.status_code == 404
    assert soup.select_one("form.find[action='/search/'] input[name=q]")
    assert not soup.select_one("link[rel=canonical]")


@pytest.mark.parametrize("name", ["500", "403", "403_csrf"])
def test_error_pages_need_no_database_and_no_manifest(name: str, settings: Any) -> None:
    # pytest-django refuses the database here; a manifest that is not there must not turn one error into two.
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    soup = BeautifulSoup(get_template(f"{name}.html").render(), "html.parser")
    assert len(soup.find_all("h1")) == 1
    assert soup.title
    assert soup.title.get_text()
    assert soup.select_one("a[href='/']")
    for link in soup.select("link[rel=stylesheet]"):
        assert str(link["href"]).startswith(settings.STATIC_URL + "firsthand/")
        assert (STATIC / Path(str(link["href"])).name).is_file()


def test_templates_ask_for_static_files_that_exist() -> None:
    for file in TEMPLATES.rglob("*.html"):
        for name in re.findall(r"""{% static ['"]([^'"]+)""", file.read_text()):
            assert finders.find(name), f"{file.name}: {name}"
