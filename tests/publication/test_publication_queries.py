"""How many queries a publication takes: what it needs is asked once."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from experiences.models import FollowUp
from queries import kept
from tests import factories as make

pytestmark = pytest.mark.django_db


def publish_again(page: Any) -> list[str]:
    """Publish a changed draft; return the statements."""
    page.title = f"{page.title} again"
    revision = page.save_revision()
    with CaptureQueriesContext(connection) as queries:
        revision.publish()
    return [query["sql"] for query in queries]


# The search index of PostgreSQL reads the terms, tags and follow-ups of a page once more.
MORE = 8 if connection.vendor == "postgresql" else 0


def test_a_story_of_words_takes_less_than_95_queries() -> None:
    page = make.StoryPageFactory()
    page.follow_ups = [
        FollowUp(months=3, observation="Nothing had changed."),
        FollowUp(months=12, observation="Better."),
    ]
    publish_again(page)
    statements = publish_again(page)
    assert len(statements) < 95 + MORE, len(statements)
    # Its consents are read once, under the lock of the person.
    assert sum('FROM "consent_consent"' in sql for sql in statements) == 1


def test_more_pictures_take_few_more_queries() -> None:
    counts = []
    for number in (1, 6):
        page = make.StoryPageFactory(picture=make.PictureFactory())
        page.before = [
            ("figure", {"picture": make.PictureFactory(), "alt": "A girl on the stairs.", "caption": ""})
            for _picture in range(number)
        ]
        publish_again(page)
        counts.append(len(publish_again(page)))
    # At most one for each of five more pictures, which asks for its collection.
    assert counts[1] <= counts[0] + 5, counts
    assert counts[0] < 105 + MORE, counts


def test_nothing_is_kept_after_a_publication() -> None:
    make.StoryPageFactory()
    assert not kept.is_keeping()
    asked: list[list[int]] = []

    def read(keys: Any) -> dict[int, int]:
        asked.append(list(keys))
        return {key: key * 2 for key in keys}

    doubles: kept.Lookup[int, int] = kept.Lookup(read, 0)
    assert doubles.of(2) == doubles.of(2) == 4
    assert asked == [[2], [2]]
    with kept.keeping():
        doubles.read_ahead([2, 3])
        assert doubles.of_all([3, 2, 4]) == {3: 6, 2: 4, 4: 8}
    assert asked[2:] == [[2, 3], [4]]
    assert doubles.of(3) == 6
    assert asked[-1] == [3]
