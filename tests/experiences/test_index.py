"""The story index and what treatment pages and the front page find by the vocabulary."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup

from experiences.templatetags import experiences_tags as tags
from tests import factories as make

pytestmark = pytest.mark.django_db


def titles(client: Any, query: str = "") -> list[str]:
    response = client.get(f"{make.story_index().url}{query}")
    assert response.status_code == 200, query
    return [link.text for link in BeautifulSoup(response.content, "html.parser").select("article.card h3 a")]


@pytest.fixture
def stories(terms: Any) -> None:
    make.StoryPageFactory(
        title="Ines", conditions=[terms.diplegia], treatments=[terms.blood], age_at_treatment=6, country="PT",
        outcome="good", follow_ups=[{"months": 12, "observation": "Climbs."}],
    )  # fmt: skip
    make.StoryPageFactory(
        title="Daniel", conditions=[terms.palsy], treatments=[terms.walking], age_at_treatment=0, country="KE",
        outcome="same", follow_ups=[{"months": 24, "observation": "The same."}],
    )  # fmt: skip
    make.StoryPageFactory(
        title="Aarav", conditions=[terms.injury], age_at_treatment=44, country="IN", outcome="worse"
    )
    make.VideoPageFactory(
        title="Najib", conditions=[terms.palsy], treatments=[terms.cells], age_at_treatment=3
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Ines", "Daniel", "Aarav", "Najib"}),
        ("?condition=cerebral-palsy", {"Ines", "Daniel", "Najib"}),
        ("?condition=spastic-diplegia", {"Ines"}),
        ("?condition=spastic-diplegia&condition=spinal-cord-injury", {"Ines", "Aarav"}),
        ("?treatment=stem-cell-therapy", {"Ines", "Najib"}),
        ("?age=0-2", {"Daniel"}),
        ("?age=0-2&age=3-5", {"Daniel", "Najib"}),
        ("?age=18-64", {"Aarav"}),
        ("?country=PT&outcome=worse", set()),
        ("?format=video", {"Najib"}),
        ("?format=text&outcome=same", {"Daniel"}),
        ("?condition=no-such-thing", {"Ines", "Daniel", "Aarav", "Najib"}),
    ],
)
def test_the_index_is_filtered(client: Any, stories: None, query: str, found: set[str]) -> None:
    assert set(titles(client, query)) == found


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("followed", ["Daniel", "Ines"]),
        ("youngest", ["Daniel", "Najib", "Ines", "Aarav"]),
        ("country", ["Aarav", "Daniel", "Ines", "Najib"]),
        ("newest", ["Aarav", "Daniel", "Ines"]),
    ],
)
def test_the_index_is_sorted_but_never_by_outcome(
    client: Any, stories: None, sort: str, order: list[str]
) -> None:
    listed = titles(client, f"?sort={sort}")
    assert [title for title in listed if title in order] == order
    assert titles(client, "?sort=outcome") == titles(client)


@pytest.mark.parametrize(
    "query",
    [
        "?condition=%00", "?page=" + "9" * 5000, "?page=-1", "?page=%C2%B2", "?sort=&sort=%00", "?age=3-5&age=3-5&age=",
        "?q=%ff%fe", "?country=PT%27%20OR%201=1--", "?" + "&".join(f"outcome={n}" for n in range(300)), "?%00=%00",
    ],
)  # fmt: skip
def test_junk_in_the_address_is_no_error(client: Any, stories: None, query: str) -> None:
    assert titles(client, query)


def test_nothing_found_says_so_and_leads_back(client: Any, stories: None) -> None:
    page = client.get(f"{make.story_index().url}?country=PT&outcome=worse").content.decode()
    assert "No story fits" in page
    assert f'href="{make.story_index().url}"' in page


def test_private_and_unpublished_stories_are_in_no_list(client: Any, stories: None, terms: Any) -> None:
    from wagtail.models import PageViewRestriction

    hidden = make.StoryPageFactory(title="Hidden", conditions=[terms.palsy])
    PageViewRestriction.objects.create(page=hidden, restriction_type="login")
    make.StoryPageFactory(title="Draft", conditions=[terms.palsy], live=False)
    assert {"Hidden", "Draft"}.isdisjoint(titles(client))
    assert client.get(hidden.url).status_code == 302
    assert tags.story_count_for(terms.palsy) == 2


def test_a_treatment_finds_its_stories_by_condition_and_treatment(stories: None, terms: Any) -> None:
    make.StoryPageFactory(title="Says no treatment", conditions=[terms.diplegia])
    found = {card.title for card in tags.stories_for(terms.palsy, terms.cells, 9)}
    assert found == {"Ines", "Says no treatment"}
    assert tags.story_count_for(terms.palsy, terms.walking) == 2
    assert tags.featured_video_for(terms.palsy, terms.cells).title == "Najib"
    assert tags.featured_video_for(terms.injury, terms.cells) is None


def test_few_stories_still_show_every_kind_of_ending(terms: Any) -> None:
    make.StoryPageFactory(title="Worse", conditions=[terms.palsy], outcome="worse")
    for number in range(5):
        make.StoryPageFactory(title=f"Good {number}", conditions=[terms.palsy], outcome="good")
    assert "Worse" in {card.title for card in tags.stories_for(terms.palsy, None, 2)}
    assert tags.story_mix_for(terms.palsy) == {"good": 5, "worse": 1}


def test_the_front_page_counts_what_the_index_then_shows(client: Any, stories: None) -> None:
    entries = tags.condition_index(12)
    assert [(name, count) for _url, name, count in entries] == [
        ("Cerebral palsy", 3),
        ("Spinal cord injury", 1),
    ]
    for url, _name, count in entries:
        assert len(titles(client, "?" + url.partition("?")[2])) == count


def test_a_story_shows_the_figures_of_its_treatment_page_or_says_that_they_are_not_known(
    client: Any, terms: Any
) -> None:
    story = make.StoryPageFactory(conditions=[terms.diplegia], treatments=[terms.blood])
    assert "We do not know how many people were treated" in client.get(story.url).content.decode()
    make.TreatmentPageFactory(
        condition=terms.palsy, treatment=terms.walking, known=True, patients_treated=2000
    )
    make.TreatmentPageFactory(condition=terms.palsy, treatment=terms.cells, known=True)
    page = client.get(story.url).content.decode()
    assert "1,240 people" in page
    assert "2,000 people" not in page


def test_what_nobody_stated_is_said_to_be_not_stated(client: Any, terms: Any) -> None:
    story = make.StoryPageFactory(conditions=[terms.palsy], who_paid="The family.", is_sample=True)
    page = BeautifulSoup(client.get(story.url).content, "html.parser")
    made = {row.dt.text: row.dd.text for row in page.select(".origin dl div")}
    assert made["Who paid"] == "The family."
    assert made["Edited by"] == made["Why it was told"] == "Not stated"
    assert "invented" in page.select_one("header .tag").text


def test_a_video_page_tells_search_engines_what_it_is(client: Any, terms: Any) -> None:
    import json

    page = make.VideoPageFactory(conditions=[terms.palsy])
    html = BeautifulSoup(client.get(page.url).content, "html.parser")
    data = json.loads(str(html.select_one('script[type="application/ld+json"]').string))
    assert data["@type"] == "VideoObject"
    assert data["duration"].startswith("PT")
    assert data["contentUrl"].startswith("http")
    assert data["thumbnailUrl"].startswith("http")
    assert data["uploadDate"]
    source = str(html)
    assert 0 < source.index("We do not know how many people were treated") < source.index("<video")
