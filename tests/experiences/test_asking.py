"""A draft compiled from an interview, as its family hears it; what the interview knows counts on the whole
page.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from approval import services
from approval.notes import notes_on
from audit.actors import Actor
from deidentification import identifier_rule
from experiences.models import StoryClip
from interviews.models import IdentifierDecision
from media.clip_tasks import remove_unused
from media.models import Clip
from publication.drafts import draft_of
from tests import factories
from tests.approval.approving import Family, sent
from tests.experiences import interviews as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.VAR = tmp_path


def told(*quotes: Any, **fields: Any) -> Any:
    person = factories.consenting(display_name="Marta")
    page = make.story(*quotes, person=person, **fields)
    page.save_revision()
    return page


def test_the_family_hears_the_draft_s_clips_and_nobody_else_does(
    home: Any, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    page = told(make.quote(make.excerpt(make.interview(), 2)))
    with django_capture_on_commit_callbacks(execute=True):
        link, path = sent(page)
    clip = Clip.objects.get()
    assert clip.is_ready
    assert not StoryClip.objects.exists()
    html = client.get(path).content.decode()
    assert clip.folder not in html
    assert client.get(clip.url).status_code == 404, "no visitor can fetch it, not even by its name"
    address, *_more = [part for part in html.split('"') if f"/files/clip:{clip.pk}:clip." in part]
    answer = client.get(address.partition("#")[0], headers={"range": "bytes=0-3"})
    assert answer.status_code == 206
    # Once the link is closed, the clip is not used any more and is removed.
    assert remove_unused() == 0
    services.revoke(link=link, by=Actor.system("test"))
    assert remove_unused() == 1
    assert client.get(address.partition("#")[0]).status_code == 404


def test_a_conversation_that_would_be_public_is_read_by_the_family_first(
    home: Any, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    talk = make.interview(full_transcript_allowed=True)
    page = told(make.quote(make.excerpt(talk, 2)))
    with django_capture_on_commit_callbacks(execute=True):
        _link, path = sent(page)
    assert "Her speech has not changed." in client.get(path).content.decode()


def test_names_given_in_the_interview_are_looked_for_on_the_whole_page(home: Any) -> None:
    talk = make.interview()
    page = told(make.quote(make.excerpt(talk, 2)), lede="Mrs Secretson told us.")
    names = {one.finding.text for one in identifier_rule.open_findings(draft_of(page))}
    assert names == {"Secretson"}, "Marta is not a finding: the story uses this name publicly"


def test_what_was_kept_in_the_interview_is_decided(home: Any) -> None:
    talk = make.interview()
    page = told(make.quote(make.excerpt(talk, 2)), lede="Mrs Secretson told us.")
    cue = talk.cues.first()
    for kind in ("name", "place"):
        IdentifierDecision.objects.create(
            interview=talk,
            cue=cue,
            at=0 if kind == "name" else 1,
            end=2,
            text="Secretson",
            kind=kind,
            state="dismissed",
            reason="Hers to tell",
        )
    assert identifier_rule.open_findings(draft_of(page)) == []


def test_a_note_on_a_quote_leads_to_the_interview(home: Any) -> None:
    talk = make.interview()
    page = told(make.quote(make.excerpt(talk, 2)))
    _link, path = sent(page)
    block = draft_of(page).before[0].id
    Family().post(path, {f"note:block:{block}": "I did not say this.", "do": "note"})
    [written] = notes_on(page)
    assert written.url.endswith(f"#block-{block}-section")
    assert f"/{talk.pk}/" in written.workbench
