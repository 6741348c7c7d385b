"""Questions and answers: every answer keeps its address."""

from __future__ import annotations

import json

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test import Client

from information.models import FAQPage
from tests.information.factories import FAQPageFactory, group

pytestmark = pytest.mark.django_db


def ids(client: Client, page: FAQPage) -> dict[str, str]:
    """Question -> id of its element, as a visitor gets it."""
    soup = BeautifulSoup(client.get(page.url).content, "html.parser")
    return {entry.h3.text: str(entry["id"]) for entry in soup.select(".faq details")}


def test_an_answer_keeps_its_address_when_questions_move_and_are_edited(client: Client) -> None:
    page = FAQPageFactory.create(
        body=[group("Results", ("Will it help?", "We cannot know."), ("How soon?", "It varies."))]
    )
    before = ids(client, page)
    raw = [dict(item) for item in page.body.raw_data]
    questions = raw[0]["value"]["questions"]
    questions.reverse()
    questions[0]["value"]["answer"] = "<p>No one can say.</p>"
    page.body = json.dumps([{"type": "group", "value": {"heading": "New", "questions": []}, "id": "x"}, *raw])
    page.save_revision().publish()
    assert ids(client, page) == before
    assert len(set(before.values())) == 2


def test_a_word_for_links_is_the_address(client: Client) -> None:
    page = FAQPageFactory.create(body=[group("Results", ("How soon?", "It varies.", "how-soon"))])
    assert ids(client, page) == {"How soon?": "how-soon"}


@pytest.mark.parametrize("words", [("soon", "soon"), ("main", "")])
def test_a_word_for_links_means_one_thing(words: tuple[str, str]) -> None:
    page = FAQPageFactory.create()
    page.body = [group("Results", ("One?", "A.", words[0])), group("Risks", ("Two?", "B.", words[1]))]
    with pytest.raises(ValidationError) as caught:
        page.clean()
    assert "body" in caught.value.message_dict


def test_a_word_for_links_is_small_letters() -> None:
    block = FAQPage.body.field.stream_block
    for word, good in (("how-soon", True), ("", True), ("How soon", False), ("-x", False), ("1st", False)):
        value = block.to_python(
            [{"type": "group", "value": {"heading": "H", "questions": [
                {"type": "item", "id": "1", "value": {"question": "Q?", "answer": "<p>A</p>", "anchor": word}}]}}]
        )  # fmt: skip
        if good:
            block.clean(value)
        else:
            with pytest.raises(ValidationError):
                block.clean(value)


def test_the_page_tells_machines_its_questions_without_markup(client: Client) -> None:
    page = FAQPageFactory.create(
        body=[group("Results", ("Will it <help>?", "We </script><b>cannot</b> know.", "help"))]
    )
    soup = BeautifulSoup(client.get(page.url).content, "html.parser")
    data = json.loads(str(soup.select_one('script[type="application/ld+json"]').string))
    assert data["@type"] == "FAQPage"
    assert data["mainEntity"][0]["name"] == "Will it <help>?"
    assert "cannot" in data["mainEntity"][0]["acceptedAnswer"]["text"]
    assert "<b>" not in data["mainEntity"][0]["acceptedAnswer"]["text"]
    assert [heading.name for heading in soup.select("main h1, main h2, main h3")] == ["h1", "h2", "h2", "h3"]
    assert soup.select_one("details#help") is not None
