"""How many statements a withdrawal takes: not more on a larger site, and few for each page of others."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from audit.actors import Actor
from mentions import word_index
from tests import factories as make
from withdrawal.services import withdraw_person

pytestmark = pytest.mark.django_db
BY = Actor.system("test")
FEW = 40


def story(number: int, text: str = "<p>She walks to school.</p>", **fields: Any) -> Any:
    person = make.consenting(display_name=f"Bearer {number}")
    title, slug = f"Story number {number}", f"story-number-{number}"
    return make.StoryPageFactory(person=person, title=title, slug=slug, before=[("text", text)], **fields)


def statements_of_withdrawal(number: int, *, others: int = 0, more: int = 0) -> int:
    """Withdraw the person of a new story that pages of others name; return how many statements it takes."""
    name = f"Zorbelina{'abcdefgh'[number]}"
    own = make.StoryPageFactory(
        person=make.consenting(display_name=name),
        patient_name=name,
        title=f"Hers {number}",
        slug=f"hers-{number}",
    )
    naming = [story(100 * number + place, f"<p>We met {name} there.</p>") for place in range(others)]
    for place in range(more):
        story(100 * number + 50 + place)
    for _row in word_index.make():
        pass
    with CaptureQueriesContext(connection) as queries:
        withdraw_person(person=own.person, by=BY, channel="editor")
    for page in naming:
        fresh = Page.objects.get(pk=page.pk)
        assert fresh.live
        assert name not in str(fresh.specific.before.get_prep_value())
        assert name not in str(fresh.live_revision.content)
        assert fresh.live_revision_id == fresh.latest_revision_id
    return len(queries)


def test_more_stories_take_no_more_statements(home: Any) -> None:
    for number in range(25):  # as many as are compared, so that they are the same number in both
        story(900 + number)
    statements_of_withdrawal(0)  # reads what a process reads once
    few = statements_of_withdrawal(1)
    many = statements_of_withdrawal(2, more=12)
    assert many <= few + 3, (few, many)


def test_each_page_of_others_takes_few_statements(home: Any) -> None:
    statements_of_withdrawal(0, others=1)
    two = statements_of_withdrawal(1, others=2)
    six = statements_of_withdrawal(2, others=6)
    assert (six - two) / 4 < FEW, (two, six)
