"""The words of a page, read without a query."""

from __future__ import annotations

from typing import Any

import pytest

from search.text import page_texts
from tests.factories import PictureFactory, StoryPageFactory
from tests.information.factories import FinancingPageFactory
from tests.news.factories import NewsPageFactory

pytestmark = pytest.mark.django_db


def test_every_kind_of_block_gives_its_words_and_no_query(django_assert_num_queries: Any) -> None:
    page = NewsPageFactory.create(
        body=[
            ("text", "<h2>Head</h2><p>One <b>two</b></p>"),
            ("quote", {"text": "Three", "speaker": "Four"}),
            ("timeline", {"heading": "Five", "entries": [{"when": "Six", "text": "Seven", "part": "after"}]}),
            ("callout", {"kind": "note", "heading": "Eight", "text": "<p>Nine</p>"}),
            ("figure", {"picture": PictureFactory.create(), "caption": "Ten"}),
        ]
    )
    with django_assert_num_queries(0):
        words = " ".join(page_texts(page)).split()
    for word in ("Head", "One", "two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"):
        assert word in words, word
    assert "<b>" not in " ".join(words)


def test_what_is_not_on_the_page_is_left_out() -> None:
    page = StoryPageFactory.create(title="Title", search_description="Only for search engines")
    assert "Title" not in page_texts(page)
    assert "Only for search engines" not in page_texts(page)
    assert page.lede in page_texts(page)


def test_odd_stored_values_are_passed_over() -> None:
    page = FinancingPageFactory.create()
    page.options = [
        {"type": "option", "value": "not a struct", "id": "1"},
        {"type": "gone", "value": 1, "id": "2"},
    ]
    assert page_texts(page)[-1] == page.who_bears_the_cost
