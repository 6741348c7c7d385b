"""The search page: what it finds, what it never shows, and that nothing typed breaks it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from wagtail.models import PageViewRestriction

from tests.casestudies.factories import CaseStudyPageFactory
from tests.directory.factories import DoctorPageFactory, HospitalPageFactory
from tests.factories import (
    ConditionFactory,
    StandardPageFactory,
    StoryPageFactory,
    TreatmentFactory,
    TreatmentPageFactory,
    VideoPageFactory,
    home,
)
from tests.information.factories import FAQPageFactory, group
from tests.news.factories import NewsPageFactory
from tests.search.conftest import Answer

pytestmark = pytest.mark.django_db

Ask = Callable[..., Answer]


@pytest.fixture
def palsy() -> Any:
    home()
    return ConditionFactory.create(name="Cerebral palsy", names=("CP", "brain paralysis"))


@pytest.fixture
def diplegia(palsy: Any) -> Any:
    return ConditionFactory.create(name="Spastic diplegia", parent=palsy)


def test_results_stand_in_their_kinds_with_counts(ask: Ask, diplegia: Any) -> None:
    said = [("text", "<p>Now she counts the <b>stairs</b>.</p>")]
    StoryPageFactory.create(title="A story", before=said)
    VideoPageFactory.create(title="A video", summary="He climbs stairs.")
    CaseStudyPageFactory.create(title="A case of stairs")
    TreatmentPageFactory.create(title="A treatment", lede="It is not about climbing stairs.")
    HospitalPageFactory.create(title="Hospital of the stairs")
    DoctorPageFactory.create(title="Dr Stairs")
    NewsPageFactory.create(title="A piece of news", lede="New stairs.")
    StandardPageFactory.create(title="A page", body=said)
    FAQPageFactory.create(body=[group("G", ("Will she climb stairs?", "We cannot know."), ("Other?", "No."))])
    answer = ask("stairs")
    assert answer.hits == {
        "Stories": ["A story"],
        "Videos": ["A video"],
        "Case studies": ["A case of stairs"],
        "Treatments": ["A treatment"],
        "Hospitals and doctors": ["Dr Stairs", "Hospital of the stairs"],
        "Questions": ["Will she climb stairs?"],
        "News": ["A piece of news"],
        "Pages": ["A page"],
    }
    assert answer.said == "9 results for stairs."
    assert {mark.text for mark in answer.soup.select("mark")} == {"stairs", "Stairs"}
    assert [one.text for one in answer.soup.select("nav.toc .n")] == ["1", "1", "1", "1", "2", "1", "1", "1"]


def test_a_lay_name_finds_what_is_tagged_by_its_condition_or_below(ask: Ask, diplegia: Any) -> None:
    StoryPageFactory.create(title="Tagged below", conditions=[diplegia])
    StandardPageFactory.create(title="Speaks of it", body=[("text", "<p>About cerebral palsy.</p>")])
    StoryPageFactory.create(title="Another thing", conditions=[ConditionFactory.create(name="Ataxia")])
    HospitalPageFactory.create(title="A hospital", conditions=[diplegia])
    for words in ("CP", "cp", "C.P.", "brain paralysis", '"CP"'):
        answer = ask(words)
        assert answer.titles == {"Tagged below", "Speaks of it", "A hospital"}, words
        assert "We also looked for Cerebral palsy" in answer.said, words
    assert "We also" not in ask("cerebral palsy").said
    assert ask("cerebral palsy").titles == {"Tagged below", "Speaks of it", "A hospital"}


def test_a_lay_name_learned_after_publication_finds_at_once(ask: Ask, palsy: Any) -> None:
    StoryPageFactory.create(title="Tagged", conditions=[palsy])
    assert ask("Little's disease").titles == set()
    palsy.names.model.objects.create(term=palsy, name="Little's disease")
    assert ask("Little’s disease").titles == {"Tagged"}


def test_a_lay_name_among_other_words_narrows(ask: Ask, diplegia: Any) -> None:
    cells = TreatmentFactory.create(name="Cord blood stem cells", names=("stem cells",))
    StoryPageFactory.create(title="Both", conditions=[diplegia], treatments=[cells], lede="Up the stairs.")
    StoryPageFactory.create(title="Asleep", conditions=[diplegia], treatments=[cells], lede="Sleep.")
    StoryPageFactory.create(title="Other", lede="Up the stairs.")
    StoryPageFactory.create(title="Uncelled", conditions=[diplegia], lede="Up the stairs.")
    assert ask("CP stairs").titles == {"Both", "Uncelled"}
    assert ask("CP stem cells").titles == {"Both", "Asleep"}
    assert ask("stairs stem cells CP").titles == {"Both"}


def test_a_word_that_is_no_whole_name_is_only_a_word(ask: Ask, palsy: Any) -> None:
    StoryPageFactory.create(title="Tagged", conditions=[palsy])
    StandardPageFactory.create(title="A palsy page")
    answer = ask("palsy")
    assert "We also" not in answer.said
    assert answer.titles >= {"A palsy page"}


def test_a_code_finds_its_condition(ask: Ask, palsy: Any) -> None:
    palsy.codes.model.objects.create(term=palsy, system="icd10cm", code="G80.9")
    StoryPageFactory.create(title="Tagged", conditions=[palsy])
    assert ask("G80.9").titles == {"Tagged"}
    assert ask("g80.9").titles == {"Tagged"}


@pytest.mark.parametrize(
    ("typed", "is_code"),
    [
        ("G80.9", True),
        ("ORPHA:98896", True),
        ("80", False),
        ("G80", False),
        ("XG80.9", False),
        ("Orpha G80.9", False),
        ("DOID:98896", False),
    ],
)
def test_a_code_counts_only_whole_and_with_the_letters_of_its_own_system(
    ask: Ask, palsy: Any, typed: str, is_code: bool
) -> None:
    """The condition has a name with the same words in it, so it is looked at whether or not the code fits."""
    palsy.names.model.objects.create(term=palsy, name=f"Palsy {typed}")
    palsy.codes.model.objects.create(term=palsy, system="icd10cm", code="G80.9")
    palsy.codes.model.objects.create(term=palsy, system="orpha", code="98896")
    StoryPageFactory.create(title="Tagged", conditions=[palsy])
    answer = ask(typed)
    assert ("We also looked for Cerebral palsy" in answer.said) == is_code
    assert answer.titles == ({"Tagged"} if is_code else set())


def test_only_live_public_pages_are_found_whatever_the_index_holds(ask: Ask, palsy: Any) -> None:
    shown = StoryPageFactory.create(title="Shown", lede="Stairs.", conditions=[palsy])
    StoryPageFactory.create(title="Draft", lede="Stairs.", conditions=[palsy], live=False)
    secret = StoryPageFactory.create(title="Secret", lede="Stairs.", conditions=[palsy])
    PageViewRestriction.objects.create(page=secret, restriction_type="login")
    parent = StandardPageFactory.create(title="Behind a door")
    StandardPageFactory.create(title="Within", body=[("text", "<p>Stairs.</p>")], parent=parent)
    PageViewRestriction.objects.create(page=parent, restriction_type="password", password="x")
    for words in ("stairs", "CP", "CP stairs", "cerebral palsy"):
        assert ask(words).titles == {"Shown"}, words
    # As when an index is stale: the row changes, the index does not.
    type(shown).objects.filter(pk=shown.pk).update(live=False)
    for words in ("stairs", "CP", "CP stairs", "cerebral palsy"):
        assert ask(words).titles == set(), words


def test_a_story_says_who_it_is_about_and_how_it_ended(ask: Ask, palsy: Any) -> None:
    StoryPageFactory.create(
        title="Stairs",
        patient_name="Daniel",
        age_at_treatment=11,
        country="KE",
        outcome="worse",
        is_sample=True,
        follow_ups=[{"months": 12, "observation": "The same."}],
    )
    hit = ask("stairs").soup.select_one(".hit")
    assert hit is not None
    assert " ".join(hit.select_one(".who").text.split()) == "Daniel, 11 · Kenya Sample"
    assert " ".join(hit.select_one(".out.worse").text.split()) == "Worse followed 12 months"


def test_a_question_is_linked_by_its_own_address(ask: Ask) -> None:
    FAQPageFactory.create(body=[group("G", ("How soon?", "Some families see it in <b>weeks</b>.", "soon"))])
    link = ask("weeks").soup.select_one(".hit h3 a")
    assert link is not None
    assert link["href"] == "/faq/#soon"


def test_the_best_match_comes_first(ask: Ask, palsy: Any) -> None:
    StoryPageFactory.create(title="Body", lede="The stairs.")
    StoryPageFactory.create(title="Stairs in the title")
    assert ask("stairs").hits["Stories"] == ["Stairs in the title", "Body"]


def test_all_words_must_be_found_and_a_phrase_in_a_row(ask: Ask) -> None:
    StoryPageFactory.create(title="In a row", lede="She counts stairs.")
    StoryPageFactory.create(title="Apart", lede="Stairs she counts.")
    assert ask("counts stairs").titles == {"In a row", "Apart"}
    assert ask('"counts stairs"').titles == {"In a row"}
    assert ask("counts nothing").titles == set()


def test_nothing_found_suggests_names_that_are_nearly_so_and_ways_on(ask: Ask, palsy: Any) -> None:
    StandardPageFactory.create(title="About us")
    answer = ask("cerebal palsi")
    links = {link.text: link["href"] for link in answer.soup.select("main .go")}
    assert links["Cerebral palsy"] == "?q=Cerebral%20palsy"
    assert "About us" in links
    assert answer.said == "Nothing found for cerebral palsi.".replace("cerebral", "cerebal")


def test_a_kind_shows_all_its_hits_by_pages(ask: Ask) -> None:
    for number in range(23):
        StoryPageFactory.create(title=f"Stairs {number}")
    StandardPageFactory.create(title="Stairs of the house")
    first = ask("stairs")
    assert len(first.hits["Stories"]) == 3
    more = first.soup.select_one(".hits .more a")
    assert more is not None
    assert more["href"] == "?q=stairs&kind=stories"
    assert list(ask("stairs", kind="stories").hits) == ["Stories"]
    one, two = (ask("stairs", kind="stories", page=page) for page in (1, 2))
    assert (len(one.titles), len(two.titles)) == (20, 3)
    assert len(one.titles | two.titles) == 23
    for page in ("999", "0", "-1", "x", "٣", "9" * 5000):
        assert len(ask("stairs", kind="stories", page=page).titles) in {3, 20}, page
    assert ask("stairs", kind="nonsense").hits.keys() == first.hits.keys()


def test_queries_are_bounded_whatever_is_found(client: Client, django_assert_max_num_queries: Any) -> None:
    palsy = ConditionFactory.create(name="Cerebral palsy", names=("CP",))
    cells = TreatmentFactory.create(name="Stem cells")
    tags: dict[str, Any] = {"conditions": [palsy], "treatments": [cells]}
    for number in range(6):
        StoryPageFactory.create(
            title=f"Stairs {number}", follow_ups=[{"months": 12, "observation": "Stairs."}], **tags
        )
        VideoPageFactory.create(title=f"Stairs {number}", **tags)
        CaseStudyPageFactory.create(title=f"Stairs {number}", **tags)
        TreatmentPageFactory.create(title=f"Stairs {number}", condition=palsy, treatment=cells)
        hospital = HospitalPageFactory.create(title=f"Stairs hospital {number}", **tags)
        DoctorPageFactory.create(title=f"Dr Stairs {number}", hospitals=[hospital], **tags)
        NewsPageFactory.create(title=f"Stairs {number}", lede="cerebral palsy")
        StandardPageFactory.create(title=f"Stairs {number}", listing_text="CP stem cells")
    FAQPageFactory.create(body=[group("G", ("Stairs?", "With cerebral palsy: we cannot know."))])
    client.get("/search/?q=stairs")
    for query in ("CP stairs", "stairs", "CP", "CP stem cells stairs 1", "nothing at all"):
        with django_assert_max_num_queries(20):
            client.get("/search/", {"q": query})
    with django_assert_max_num_queries(15):
        client.get("/search/", {"q": "CP", "kind": "places"})


NAUGHTY = [
    '"',
    '""',
    "'",
    '"unclosed',
    "NULL\0NUL",
    "\0",
    "AND",
    "OR NOT",
    "NEAR(a b)",
    "a*",
    "title:x",
    "live:true",
    "{title} : x",
    "-x",
    "^a",
    "(((",
    "%s %d %",
    "\\",
    "\\'",
    "'; DROP TABLE x; --",
    "<script>alert(1)</script>",
    "&|!():*<->",
    "😀",
    "ﷺ",
    "e\u0301\u0301\u0301",
    "\u0301",
    "\u202eabc",
    "\ufffe\uffff",
    "ı İ ß ſ",
    "१२३ हिन्दी 中文 ไทย",
    "_",
    "___ __a__",
    "x" * 10_000,
    "word " * 3_000,
    '"a b" ' * 200,
    "the of and",
]


@pytest.mark.parametrize("q", NAUGHTY)
def test_nothing_typed_breaks_it(ask: Ask, palsy: Any, q: str) -> None:
    StoryPageFactory.create(title="A story of the and", conditions=[palsy])
    for kind in ("", "stories", "questions"):
        answer = ask(q, kind=kind)
        assert answer.status == 200
        assert not answer.soup.select("main script")


def test_addresses_that_no_form_makes(client: Client) -> None:
    home()
    for query in (
        "",
        "?q",
        "?q=&q=x",
        "?q[]=x",
        "?q=%ff%fe",
        "?q=%00",
        "?q=%ed%a0%80",
        "?q=a%20%00b",
        "?page=2",
        "?kind=",
    ):
        assert client.get(f"/search/{query}").status_code == 200, query
    assert client.post("/search/", {"q": "x"}).status_code == 405


def test_results_are_for_people_and_not_for_other_search_engines(client: Client, ask: Ask) -> None:
    home()
    response = client.get("/search/?q=x")
    assert response["X-Robots-Tag"] == "noindex"
    soup = ask("x <b>y").soup
    robots = soup.select_one('meta[name="robots"]')
    assert robots is not None
    assert robots["content"] == "noindex"
    assert len(soup.select("h1")) == 1
    field = soup.select_one("main input[name=q]")
    assert field is not None
    assert field["value"] == "x <b>y"
