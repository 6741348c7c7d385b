"""The picture for shared links stops answering with the use "social media", though the page still shows it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from audit.actors import Actor
from consent.models import Consent
from consent.services import change_consent
from consent.uses import Use
from tests import factories as make
from withdrawal import receipts
from withdrawal.services import withdraw_person

pytestmark = pytest.mark.django_db(transaction=True)
BY = Actor.system("test")


@pytest.fixture
def story(home: Any) -> Any:
    picture = make.PictureFactory(title="Stairs", file=make.png(1600, 1200, "crimson"))
    return make.StoryPageFactory(title="Fourteen stairs", picture=picture)


def withdraw_social(person: Any) -> Any:
    return withdraw_person(person=person, uses=[Use.SOCIAL_MEDIA], by=BY, channel="editor")


def shared(page: Any) -> str:
    """Return the path of the picture for shared links on a page, '' where it names none."""
    found = re.search(r'property="og:image" content="https?://[^/]*([^"]*)"', html(page))
    return found[1] if found else ""


def html(page: Any) -> str:
    response = Client().get(page.url)
    assert response.status_code == 200
    return response.content.decode()


def status(path: str) -> int:
    response: Any = Client().get(path)
    if response.streaming:
        response.getvalue()
    return int(response.status_code)


def sizes(page: Any) -> set[str]:
    return set(re.findall(r'(/files/shown/pictures/[^"\s,]+)', html(page)))


def test_its_address_ends_with_the_use_and_the_page_keeps_its_picture(story: Any) -> None:
    address = shared(story)
    assert status(address) == 200
    done = withdraw_social(story.person)
    assert shared(story) == ""
    assert status(address) == 410
    assert sizes(story)
    assert {status(path) for path in sizes(story)} == {200}
    assert done.finished_at, [(step.surface, step.error) for step in done.steps.all()]
    counts = {line["surface"]: line["count"] for line in receipts.lines(done)}
    assert counts["social_images"] == 1


def test_its_address_ends_when_the_consent_is_narrowed(story: Any) -> None:
    address = shared(story)
    consent = Consent.objects.get(person=story.person)
    consent.use_social_media = False
    change_consent(consent=consent, by=BY)
    assert shared(story) == ""
    assert status(address) in {404, 410}


def test_another_page_that_may_share_it_has_a_new_address(story: Any) -> None:
    other = make.StoryPageFactory(title="Another", picture=story.picture, person=make.consenting())
    address = shared(other)
    assert address == shared(story)
    withdraw_social(story.person)
    assert status(address) == 410
    again = shared(other)
    assert again not in {"", address}
    assert status(again) == 200
