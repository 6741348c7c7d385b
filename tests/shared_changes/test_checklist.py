"""One cause is one line of the checklist, and words that stand for something unwritten stop publication."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from consent.uses import Use
from media.models import Picture
from publication.checklist import Group, State, checklist
from publication.drafts import draft_of
from publication.gate import NotPublic
from tests import factories as make
from tests.approval.approving import story

pytestmark = pytest.mark.django_db


def figure(number: int) -> dict[str, Any]:
    picture = make.PictureFactory()
    return {
        "type": "figure",
        "id": f"b0000000-0000-4000-8000-0000000001{number:02}",
        "value": {"picture": picture.pk},
    }


def film(number: int) -> dict[str, Any]:
    recording = make.RecordingFactory()
    key = f"b0000000-0000-4000-8000-0000000002{number:02}"
    return {"type": "video", "id": key, "value": {"recording": recording.pk, "title": f"Film {number}"}}


def test_one_missing_consent_is_one_line(home: Any) -> None:
    """Before: one line for each picture, film and use that depends on it (18)."""
    person = make.PersonFactory(display_name="Marta")
    page = story(person=person, before=[film(number) for number in range(6)])
    lines = checklist(draft_of(page)).lines
    consent = [line for line in lines if line.group == Group.CONSENT and line.state != State.DONE]
    assert len(consent) == 1
    (line,) = consent
    assert line.state == State.STOPS
    assert "Marta" in line.title
    assert line.url == reverse("wagtailsnippets_consent_person:edit", args=[person.pk])
    uses = {item.partition(":")[0] for item in line.items}
    assert {str(use.label) for use in (Use.TEXT, Use.VOICE, Use.VIDEO)} <= uses
    assert any("6 × Recording" in item for item in line.items)


def test_the_screen_shows_the_next_action_and_few_lines(home: Any, editor_client: Client) -> None:
    page = story(person=make.PersonFactory(display_name="Marta"), before=[film(1), film(2)])
    listed = checklist(draft_of(page))
    shown = [line for section in listed.sections if section.is_open for line in section.lines]
    assert len([line for line in shown if line.group == Group.CONSENT]) == 1
    assert listed.next_line is not None
    assert listed.next_line.group == Group.CONSENT
    html = editor_client.get(reverse("publication_checklist", args=[page.pk])).content.decode()
    assert 'id="next"' in html


@pytest.fixture
def page(home: Any) -> Any:
    return story()


def stopping(page: Any) -> list[str]:
    return [line.title for line in checklist(draft_of(page)).stopping if "Conditions" not in line.title]


def test_the_title_of_a_compiled_draft_stops_publication_until_it_is_confirmed(
    page: Any, editor_client: Client
) -> None:
    draft = draft_of(page)
    draft.title = "Draft story from interview #2"
    draft.save_revision()
    page.refresh_from_db()
    assert stopping(page) == ["“Draft story from interview #2”"]
    with pytest.raises(NotPublic, match="Draft story from interview"):
        page.get_latest_revision().publish()
    act = reverse("publication_checklist_act", args=[page.pk])
    data = {
        "do": "keep",
        "kind": "unfinished",
        "text": "Draft story from interview #2",
        "reason": "They chose it.",
    }
    editor_client.post(act, data)
    assert stopping(page) == []
    editor_client.post(act, {**data, "do": "reopen"})
    assert len(stopping(page)) == 1


def test_the_name_of_a_file_is_no_description(page: Any) -> None:
    Picture.objects.filter(pk=page.picture_id).update(alt_text="image 1")
    assert stopping(page) == ["“image 1”"]


def test_a_story_from_an_interview_says_who_asked_and_who_edited(page: Any) -> None:
    draft = draft_of(page)
    draft.origin = "compiled"
    draft.save_revision()
    page.refresh_from_db()
    assert [title.partition(":")[0] for title in stopping(page)] == ["“Interviewed by", "“Edited by"]
    draft = draft_of(page)
    draft.interviewed_by, draft.edited_by = "A nurse", "An editor"
    draft.save_revision()
    page.refresh_from_db()
    assert stopping(page) == []
