"""What waits brings no one back: neither words that were withdrawn meanwhile nor a person who was erased."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms.models import model_to_dict
from django.test import Client
from django.utils import timezone

from audit.actors import Actor
from audit.models import AuditEntry
from conditions.models import Condition
from consent.models import Depiction
from media.models import Picture
from shared_changes import services
from shared_changes.models import HeldChange
from tests import factories as make
from tests.shared_changes.requests import ALT, edit, seen
from withdrawal.erasure.services import erase_person
from withdrawal.services import withdraw_person

pytestmark = pytest.mark.django_db
BY = Actor.system("test")
SAID = (
    "Every morning we counted the seven stairs down to the red door and every evening we climbed them again "
    "singing the same old song about the tired little horse."
)


@pytest.fixture
def teller(home: Any) -> Any:
    """Someone whose story shows none of the pictures of the other pages."""
    person = make.consenting(display_name="Aarav", private_name="Rohan Iyer")
    make.StoryPageFactory(
        person=person, patient_name="Aarav", title="Years", slug="years", before=[("text", f"<p>{SAID}</p>")]
    )
    return person


@pytest.fixture
def plain(home: Any, picture: Picture) -> Any:
    """A page about no one that shows the picture."""
    return make.StandardPageFactory(
        title="How we work", body=[("figure", {"picture": picture, "caption": "Stairs"})]
    )


def withdraw(person: Any) -> None:
    withdraw_person(person=person, by=BY, channel="editor")


def refused(change: HeldChange) -> str:
    with pytest.raises(services.ChangeError) as error:
        services.release(change=change, by=BY)
    return str(error.value)


def test_words_withdrawn_during_the_wait_are_refused_on_a_page_about_no_one(
    without_publishing: Client, plain: Any, picture: Picture, teller: Any
) -> None:
    edit(without_publishing, picture, alt_text=SAID, credit="Rohan Iyer")
    change = HeldChange.objects.get()
    withdraw(teller)
    text = refused(change)
    assert "was withdrawn by the person who gave it" in text
    assert "Rohan Iyer" in text
    assert "tired little horse" not in seen(plain)


def test_words_withdrawn_during_the_wait_are_refused_on_a_page_about_someone_else(
    without_publishing: Client, story: Any, picture: Picture, teller: Any
) -> None:
    edit(without_publishing, picture, alt_text=SAID)
    withdraw(teller)
    assert "was withdrawn by the person who gave it" in refused(HeldChange.objects.get())
    assert "tired little horse" not in seen(story)


def test_withdrawn_words_in_a_term_wait(story: Any, teller: Any) -> None:
    term = Condition.add_root(name="Weakness", slug="weakness", description="Old words.")
    story.conditions.add(term)
    story.save()
    withdraw(teller)
    held = services.change_shared(thing=term, values={"description": SAID}, by=BY)
    assert held is not None
    assert "was withdrawn" in held.reasons[0]["text"]


def test_with_a_new_consent_the_words_may_be_shown(
    without_publishing: Client, plain: Any, picture: Picture, teller: Any
) -> None:
    edit(without_publishing, picture, alt_text=SAID)
    withdraw(teller)
    make.consent(teller)
    services.release(change=HeldChange.objects.get(), by=BY)
    picture.refresh_from_db()
    assert picture.alt_text == SAID


def test_an_erasure_cleans_what_waits_and_what_was_decided(
    without_publishing: Client, story: Any, picture: Picture, teller: Any
) -> None:
    edit(without_publishing, picture, alt_text="Aarav sits on the stairs.", credit="Rohan Iyer")
    waiting = HeldChange.objects.get()
    waiting.reasons += [{"text": "“rohan iyer” is the private name of a person on record.", "page": "Aarav"}]
    waiting.name = "Aarav on stairs"
    waiting.save()
    dropped = HeldChange.objects.create(
        content_type=waiting.content_type,
        object_id=waiting.object_id,
        name="Stairs",
        operations=[
            {"do": "change", "model": "media.Picture", "number": picture.pk, "values": {"alt_text": SAID}}
        ],
        state=HeldChange.State.DROPPED,
        proposed_by_name="an editor",
        reviewed_at=timezone.now(),
    )
    erase_person(person=teller, by=BY)
    for change in (waiting, dropped):
        change.refresh_from_db()
        stored = json.dumps([change.operations, change.reasons, change.name], ensure_ascii=False).lower()
        for word in ("aarav", "rohan", "iyer", "tired little horse"):
            assert word not in stored
    assert waiting.state == HeldChange.State.WAITING
    assert waiting.operations[0]["values"]["alt_text"] == "[…] sits on the stairs."
    assert dropped.state == HeldChange.State.DROPPED
    entries = AuditEntry.objects.filter(action="shared_change.erased")
    assert {entry.details["change"] for entry in entries} == {waiting.pk, dropped.pk}
    services.release(change=waiting, by=BY)
    assert "[…] sits on the stairs." in seen(story)


def test_an_erasure_leaves_changes_without_a_mention(
    without_publishing: Client, story: Any, picture: Picture, teller: Any
) -> None:
    edit(without_publishing, picture, alt_text="A girl on the fourth stair, looking back at us.")
    before = model_to_dict(HeldChange.objects.get())
    erase_person(person=teller, by=BY)
    assert model_to_dict(HeldChange.objects.get()) == before


@pytest.mark.parametrize("by_name", [True, False])
def test_an_erasure_drops_a_change_that_brings_a_file_of_the_person(
    without_publishing: Client,
    story: Any,
    picture: Picture,
    teller: Any,
    by_name: bool,
    django_capture_on_commit_callbacks: Any,
) -> None:
    content = make.png(90, 70, "navy").read()
    if not by_name:
        shown: Any = make.PictureFactory(file=SimpleUploadedFile("them.png", content, "image/png"))
        Depiction.objects.create(person=teller, picture=shown)
        content = shown.file.open("rb").read()
    new = SimpleUploadedFile("rohan_iyer.png" if by_name else "new.png", content, "image/png")
    edit(without_publishing, picture, file=new)
    change = HeldChange.objects.get()
    ((storage, name),) = change.files()
    with django_capture_on_commit_callbacks(execute=True):
        erase_person(person=teller, by=BY)
    change.refresh_from_db()
    assert change.state == HeldChange.State.DROPPED
    assert not storage.exists(name)
    assert "iyer" not in json.dumps(change.operations)
    picture.refresh_from_db()
    assert picture.alt_text == ALT
