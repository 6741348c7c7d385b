"""Pages about other people are found by an index of their words, at any size of the site."""

from __future__ import annotations

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.actors import Actor
from experiences.models import StoryPage
from mentions import terms, word_index
from mentions.finding import mentions_of
from mentions.models import PageWords
from mentions.redacting import quick_text, text_in
from tests import factories as make
from withdrawal.erasure.services import erase_person
from withdrawal.services import withdraw_person

pytestmark = pytest.mark.django_db
BY = Actor.system("test")
SAID = "Every morning we counted the seven stairs to the door and laughed."


@pytest.fixture(autouse=True)
def looks_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker does not pause."""
    monkeypatch.setattr(word_index._worker, "next_at", 0.0)
    monkeypatch.setattr(word_index._worker, "pause", 0.0)


@pytest.fixture
def story(home: Any) -> Any:
    return make.StoryPageFactory(
        person=make.consenting(display_name="Aarav", private_name="Rohan Iyer"),
        patient_name="Aarav",
        title="The second year",
        slug="the-second-year",
        before=[("text", f"<p>{SAID}</p>")],
    )


def other(number: int, text: str = "<p>Nothing about anyone.</p>", **fields: Any) -> Any:
    return make.StoryPageFactory(
        **{
            "person": make.consenting(display_name=f"Linh {number}"),
            "patient_name": "Linh",
            "title": f"Other {number}",
            "slug": f"other-{number}",
            "before": [("text", text)],
            **fields,
        }
    )


def text_of(page: Any) -> str:
    return json.dumps(StoryPage.objects.get(pk=page.pk).before.get_prep_value(), ensure_ascii=False)


def loaded(run: Any) -> int:
    """Return how many queries read the text of stories."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        run()
    return sum('"experiences_storypage"."before"' in query["sql"] for query in queries)


def test_a_search_reads_only_pages_that_may_mention_the_person(story: Any) -> None:
    for number in range(12):
        other(number)
    word_index.sweep()
    assert PageWords.objects.count() == 13
    before = loaded(lambda: mentions_of(story.person))
    for number in range(12, 15):
        other(number)
    word_index._worker.next_at = 0
    word_index.sweep()
    assert loaded(lambda: mentions_of(story.person)) == before
    assert mentions_of(story.person) == []


@pytest.mark.parametrize(
    "text",
    [
        "<p>We met <b>Aa</b>rav there.</p>",
        "<p>We met A&shy;arav there.</p>",
        "<p>We met Áarav’s aunt.</p>",
        "<p>We saw Aaravovi there.</p>",
        "<p>Iyer, Rohan came.</p>",
        f"<p>He said: “{SAID.upper()}”</p>",
        '<p>See <a href="/the-second-year/">there</a>.</p>',
    ],
)
def test_what_the_index_lets_through_is_all_that_is_found(
    story: Any, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terms, "COMPARED", 0)
    page = other(1, text.replace("/the-second-year/", story.get_url_parts()[2]))
    other(2)
    word_index._worker.next_at = 0
    word_index.sweep()
    assert {one.page for one in mentions_of(story.person)} == {page.pk}


def test_a_page_that_changed_since_is_read_itself(story: Any) -> None:
    page = other(1)
    word_index._worker.next_at = 0
    word_index.sweep()
    page.before = [("text", "<p>Aarav came.</p>")]
    page.save_revision().publish()
    withdraw_person(person=story.person, by=BY, channel="editor")
    assert "Aarav" not in text_of(page)


def test_words_that_many_people_tell_are_no_ones(story: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terms, "COMPARED", 0)
    pages = [other(number, f"<p>{SAID}</p>") for number in range(4)]
    withdraw_person(person=story.person, by=BY, channel="editor")
    assert all(SAID in text_of(page) for page in pages)


def test_a_first_name_on_a_page_whose_own_person_bears_it_is_theirs(story: Any) -> None:
    page = other(1, "<p>Aarav laughed.</p>", patient_name="Aarav", person=make.consenting(display_name="A."))
    assert mentions_of(story.person) == []
    withdraw_person(person=story.person, by=BY, channel="editor")
    assert "Aarav laughed." in text_of(page)


def test_nothing_of_an_erased_person_stays_in_the_index(story: Any) -> None:
    other(1, "<p>Aarav came with Rohan Iyer.</p>")
    word_index._worker.next_at = 0
    word_index.sweep()
    assert PageWords.objects.filter(words__contains=" aarav ").count() == 2
    erase_person(person=story.person, by=BY)
    assert not PageWords.objects.filter(words__contains="aarav").exists()
    assert not PageWords.objects.filter(words__contains="iyer").exists()


def test_a_picture_of_the_same_number_as_the_page_is_not_a_link_to_it(story: Any) -> None:
    shown = [("figure", {"picture": make.PictureFactory(pk=story.pk), "alt": "Stairs.", "caption": ""})]
    page = other(1, "<p>We saw him.</p>")
    page.after = shown
    page.save_revision().publish()
    linking = other(2, f'<p>See <a linktype="page" id="{story.pk}">there</a>.</p>')
    matcher = terms.matcher_of(story.person)
    assert word_index.look(matcher, {story.pk})[0] == {linking.pk}


def test_rows_of_an_earlier_release_are_used_and_made_again(story: Any) -> None:
    page = other(1, f'<p>See <a linktype="page" id="{story.pk}">there</a>.</p>')
    list(word_index.make())
    words = PageWords.objects.get(page=page.pk).words
    assert f" ={story.pk} " in words
    PageWords.objects.filter(page=page.pk).update(words=words[1:].replace("=", "#"))
    matcher = terms.matcher_of(story.person)
    assert word_index.look(matcher, {story.pk})[0] == {page.pk}
    word_index._worker.next_at, word_index._worker.has_old = 0, True
    assert word_index.sweep() == 1
    assert PageWords.objects.get(page=page.pk).words == words


@pytest.mark.parametrize(
    "html",
    [
        "<p>We met <b>Aa</b>rav there.</p><p>Then.</p>",
        'One<br/>two &amp; <embed alt="a > b" embedtype="image" id="3"/>three',
        "<ul><li>One</li><li>t<u>w</u>o</li></ul><h2>a &lt; b</h2>",
    ],
)
def test_a_quick_look_reads_the_same_words(html: str) -> None:
    assert quick_text(html).split() == text_in(BeautifulSoup(html, "html.parser")).split()
