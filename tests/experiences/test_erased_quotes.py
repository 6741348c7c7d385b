"""An erasure takes a person's quotes out of every version of other people's pages, and deletes no version."""

from __future__ import annotations

import json
from typing import Any

import pytest
from wagtail.models import Revision

from audit.actors import Actor
from consent.models import Person
from tests import factories as make
from tests.experiences import interviews as talks
from withdrawal.erasure.services import erase_person

pytestmark = pytest.mark.django_db
BY = Actor.system("test")


def versions_of(page: Any) -> dict[int, str]:
    return {one.pk: json.dumps(one.content) for one in page.revisions.order_by("pk")}


def test_versions_of_another_story_stay_without_the_quote(home: Any) -> None:
    talk = talks.interview(kind="")
    marta = Person.objects.get(display_name="Marta")
    said = talks.excerpt(talk, 2)
    story = talks.story(talks.quote(said), {"type": "text", "value": "<p>The first version.</p>"})
    story.save_revision()
    story.lede = "A second version."
    latest = story.save_revision()
    # One that this release cannot read into a page.
    content = {**latest.content, "lede": "Of an earlier release.", "person": "no number"}
    Revision.objects.filter(pk=latest.pk).update(content=content)
    story.lede = "The third version."
    story.save_revision()
    before = versions_of(story)
    assert all(said.text in text for text in before.values())
    erase_person(person=marta, by=BY)
    after = versions_of(story)
    assert after.keys() == before.keys()
    assert not any(said.text in text for text in after.values())
    for words in ("The first version.", "Of an earlier release.", "The third version."):
        assert any(words in text for text in after.values()), words


def test_versions_of_the_home_page_stay_without_the_quote(home: Any) -> None:
    person = make.consenting(display_name="Aarav", private_name="Rohan Iyer")
    story = make.StoryPageFactory(person=person, patient_name="Aarav", slug="story", before=[])
    page = make.home()
    for words in ("She let go of the rail.", "She ran."):
        page.quote, page.quote_speaker, page.quote_story = words, "Aarav", story
        page.save_revision().publish()
        page = make.home()
    # In the newest draft, an editor left the quote out.
    page.quote, page.quote_speaker, page.quote_story = "", "", None
    page.title = "What we hear"
    page.save_revision()
    before = versions_of(page)
    erase_person(person=person, by=BY)
    after = versions_of(page)
    # Taking the words off the public page stores versions of its own.
    assert after.keys() >= before.keys()
    assert not any("let go of the rail" in text or "Aarav" in text for text in after.values())
    assert any("What we hear" in text for text in after.values())
