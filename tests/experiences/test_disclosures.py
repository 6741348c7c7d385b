"""D1 to D12 are shown next to every story, video and case study, or the page says that they are not known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.db import models, transaction
from django.test import Client, override_settings
from django.test.utils import isolate_apps

from casestudies.models import CaseStudyPage
from experiences.balance import recount
from experiences.models import StoryPage, VideoPage
from pages.disclosure_checks import check_disclosures, disclosure_errors, is_about_a_person
from pages.disclosures import DISCLOSURES, IDS, problems_with
from pages.models import BasePage
from tests import factories as make
from treatments.balance import balance_sentence
from treatments.models import StoryBalance, TreatmentPage
from treatments.typical import Typical, bar, sentence, typical_of


def soup(client: Any, url: str) -> Any:
    response = client.get(url)
    assert response.status_code == 200, url
    return BeautifulSoup(response.content, "html.parser")


def said(page: Any) -> dict[str, str]:
    """Text by mark; a mark that occurs several times has all their texts."""
    found: dict[str, str] = {}
    for place in page.select("[data-d]"):
        found[place["data-d"]] = (
            f"{found.get(place['data-d'], '')} {' '.join(place.get_text(' ').split())}".strip()
        )
    return found


# The list and the check -----------------------------------------------------------------------------------


def test_there_are_twelve_each_with_its_source() -> None:
    assert tuple(f"D{number}" for number in range(1, 13)) == IDS
    assert all(one.source and str(one.what) for one in DISCLOSURES)


def test_the_sites_own_page_types_say_where_each_of_them_is() -> None:
    assert check_disclosures() == []
    assert all(is_about_a_person(model) for model in (StoryPage, VideoPage, CaseStudyPage))
    assert not is_about_a_person(TreatmentPage)


@isolate_apps("experiences")
def test_a_page_type_about_a_person_that_lacks_one_is_an_error() -> None:
    class Diary(BasePage):
        person = models.ForeignKey("consent.Person", on_delete=models.PROTECT, related_name="+")

        class Meta:
            app_label = "experiences"

    class Letter(Diary):
        disclosures = {**dict.fromkeys(IDS, "person"), "D3": "who_paid"}

        class Meta:
            app_label = "experiences"

    class Postcard(Diary):
        disclosures = {name: "person" for name in IDS if name != "D7"}

        class Meta:
            app_label = "experiences"

    assert is_about_a_person(StoryPage)
    (nothing,) = disclosure_errors(Diary)
    assert (nothing.id, "no `disclosures`" in nothing.msg) == ("pages.E001", True)
    (made_up,) = disclosure_errors(Letter)
    assert "D3 is said to be in `who_paid`" in made_up.msg
    (missing,) = disclosure_errors(Postcard)
    assert "D7 is missing" in missing.msg


def test_a_mark_that_is_not_a_disclosure_is_noticed() -> None:
    assert problems_with({**dict.fromkeys(IDS, "site"), "D13": "site"}, lambda name: True) == [
        "D13 is not a disclosure"
    ]


# Pages ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_story_of_which_nothing_is_known_says_so_twelve_times(client: Any, terms: Any) -> None:
    story = make.StoryPageFactory(conditions=[terms.palsy])
    shown = said(soup(client, story.url))
    assert set(shown) == set(IDS)
    assert "We do not know how many people were treated" in shown["D1"]
    assert "Not known" in shown["D1"]
    assert "Not known" in shown["D2"]
    assert shown["D3"] == "Who paid Not stated"
    assert "no quote has been compared" in shown["D4"]
    assert shown["D7"].endswith("Not known")
    assert shown["D8"].count("Not known") == 4
    assert "Not stated" in shown["D9"]
    assert "Not stated" in shown["D11"]
    assert shown["D12"].count("Not stated") == 3


@pytest.mark.django_db
def test_what_is_known_stands_there_before_any_clip(client: Any, terms: Any) -> None:
    page = make.TreatmentPageFactory(
        condition=terms.palsy,
        treatment=terms.cells,
        known=True,
        evidence_level="2",
        approval_status="Not approved.",
        trial_numbers="NCT01234567",
        risks="Headache.",
        cost_bearer="The families.",
    )
    story = make.StoryPageFactory(
        conditions=[terms.diplegia],
        treatments=[terms.blood],
        who_paid="The family.",
        outcome="same",
        is_sample=True,
    )
    story.save_revision().publish()
    html = client.get(story.url).content.decode()
    shown = said(BeautifulSoup(html, "html.parser"))
    assert "380 of them were followed up for a year" in shown["D1"]
    assert "860 lost to follow-up" in shown["D1"]
    assert "Source: The partner's hospitals" in shown["D1"]
    assert "looking back at treated patients" in shown["D2"]
    assert page.url in html
    assert shown["D7"] == (
        "How stories ended 1 story of this treatment is told here: 1 no change. Of 380 people followed up, "
        "210 improved."
    )
    for words in ("Not approved.", "NCT01234567", "Headache.", "The families."):
        assert words in shown["D8"]
    assert "invented" in shown["D5"]
    chart = BeautifulSoup(html, "html.parser").select("[data-d=D1] svg")[0]
    assert chart["aria-label"] == "210 improved, 150 no change, 20 worse, 860 lost to follow-up"


@pytest.mark.django_db
def test_the_list_of_one_conditions_stories_says_how_they_stand_to_the_figures(
    client: Any, terms: Any
) -> None:
    page = make.TreatmentPageFactory(
        condition=terms.palsy, treatment=terms.cells, known=True, risks="Headache."
    )
    make.StoryPageFactory(conditions=[terms.palsy], outcome="worse").save_revision().publish()
    index = make.story_index().url
    assert (
        "Of 380 people followed up, 210 improved."
        in said(soup(client, f"{index}?condition={terms.palsy.slug}"))["D7"]
    )
    assert "D7" not in said(soup(client, index))
    assert "Side effects Headache." in said(soup(client, page.url))["D8"]


@pytest.mark.django_db
def test_a_video_says_the_same_before_it_plays(client: Any, terms: Any) -> None:
    make.TreatmentPageFactory(condition=terms.palsy, treatment=terms.cells, known=True)
    video = make.VideoPageFactory(conditions=[terms.palsy], cuts="The first minute.")
    html = client.get(video.url).content.decode()
    assert 0 < html.index('data-d="D1"') < html.index("<video")
    shown = said(BeautifulSoup(html, "html.parser"))
    assert set(shown) == set(IDS)
    assert "The first minute." in shown["D4"]


# The balance ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_stories_are_counted_whenever_one_is_published_changed_taken_back_or_deleted(terms: Any) -> None:
    palsy = make.TreatmentPageFactory(condition=terms.palsy, treatment=terms.cells)
    injury = make.TreatmentPageFactory(condition=terms.injury, treatment=terms.cells)

    def counts() -> list[dict[str, int]]:
        return [TreatmentPage.objects.get(pk=page.pk).story_counts for page in (palsy, injury)]

    one, two = (
        make.StoryPageFactory(conditions=[terms.diplegia], outcome=outcome) for outcome in ("good", "worse")
    )
    for story in (one, two):
        story.save_revision().publish()
    assert counts() == [{"good": 1, "worse": 1}, {}]
    one.conditions.set([terms.injury])
    one.save_revision().publish()
    assert counts() == [{"worse": 1}, {"good": 1}]
    one.unpublish()
    assert counts() == [{"worse": 1}, {}]
    StoryPage.objects.get(pk=two.pk).delete()
    assert counts() == [{}, {}]
    StoryBalance.objects.all().delete()
    call_command("recount_stories", verbosity=0)
    assert StoryBalance.objects.count() == 2
    assert recount([]) == 0


def test_the_balance_in_words() -> None:
    assert balance_sentence({}, Typical()) == ""
    assert balance_sentence({"good": 2, "none": 1}, Typical(treated=9)) == (
        "3 stories of this treatment are told here: 2 some improvement, 1 not known yet. "
        "How this compares with everyone treated is not known."
    )


def test_small_numbers_are_combined_in_the_sentence_and_in_the_bar() -> None:
    page = TreatmentPage(patients_treated=100, follow_up_months=12)
    page.shown_outcomes = {
        "followed_up": None,
        "groups": [[["improved"], 60], [["unchanged", "worse", "lost"], 40]],
    }
    typical = typical_of(page)
    assert sentence(typical, "palsy") == (
        "About 100 people were treated for palsy. After a year: improved: 60; no change, worse or lost to "
        "follow-up: 40. "
        "Numbers under five are combined, so that no one can be identified."
    )
    assert [(part.shape, part.x, part.width) for part in bar(typical)] == [
        ("good", "0", "60"),
        ("mixed", "60", "40"),
    ]


# The demo -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    from demo.loader import load_demo

    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=str(tmp_path_factory.mktemp("files"))),
        transaction.atomic(),
    ):
        load_demo()
        yield
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_every_page_about_a_person_in_the_demo_shows_all_twelve(demo: None) -> None:
    client = Client()
    pages = [page for model in (StoryPage, VideoPage, CaseStudyPage) for page in model.objects.live()]
    assert len(pages) >= 13
    for page in pages:
        shown = said(soup(client, page.url))
        assert set(shown) == set(IDS), page
        assert all(len(words) > 8 for words in shown.values()), page
    treatment = TreatmentPage.objects.get(slug="stem-cell-therapy-for-cerebral-palsy")
    assert treatment.figures_cohort
    page = soup(client, treatment.url)
    assert "stories of this treatment are told here" in said(page)["D7"]
    report = soup(client, treatment.figures_report)
    assert "1,240" in report.text
    assert len(report.select("figure.chart svg")) == 2
