"""A change to what public pages show without owning it is judged for each of these pages, and waits if one refuses.

Each test failed before: every such change was public at once.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from audit.actors import Actor
from consent.models import Depiction
from media.models import Picture
from shared_changes import services
from shared_changes.guard import SharedChangeRefused
from shared_changes.models import HeldChange
from shared_changes.usage import usage_of
from tests import factories as make
from tests.shared_changes.requests import ALT, NEW, edit, seen

pytestmark = pytest.mark.django_db


# The gate ---------------------------------------------------------------------------------------------------


def test_a_private_name_in_an_alt_text_is_not_public(
    editor_client: Client, story: Any, picture: Picture
) -> None:
    answer = edit(editor_client, picture, alt_text="Abernathyson on the stairs, one hand on the rail.")
    picture.refresh_from_db()
    assert picture.alt_text == ALT
    assert "Abernathyson" not in seen(story)
    assert "Not public yet" in answer.content.decode()
    change = HeldChange.objects.get()
    assert "Abernathyson" in json.dumps(change.operations), "what was typed is not lost"
    assert "Abernathyson" in change.reasons[0]["text"]


def test_a_harmless_change_is_public_at_once(editor_client: Client, story: Any, picture: Picture) -> None:
    edit(editor_client, picture, alt_text=NEW)
    assert not HeldChange.objects.exists()
    assert NEW in seen(story)


def test_what_nothing_public_shows_is_saved_as_ever(
    editor_client: Client, home: Any, picture: Picture
) -> None:
    edit(editor_client, picture, alt_text="Abernathyson on the stairs.")
    picture.refresh_from_db()
    assert picture.alt_text == "Abernathyson on the stairs."


def test_the_form_says_where_the_picture_is_public(
    editor_client: Client, story: Any, picture: Picture
) -> None:
    html = editor_client.get(reverse("wagtailimages:edit", args=[picture.pk])).content.decode()
    assert "Used on 1 live page." in html
    assert f'href="{story.url}"' in html


def test_a_page_behind_a_login_counts(story: Any, picture: Picture) -> None:
    from wagtail.models import PageViewRestriction

    PageViewRestriction.objects.create(page=story, restriction_type=PageViewRestriction.LOGIN)
    usage = usage_of(picture)
    assert usage.count == 1
    assert usage.places()[0].closed


def test_a_program_is_refused(story: Any, picture: Picture) -> None:
    picture.alt_text = "Abernathyson on the stairs."
    with pytest.raises(SharedChangeRefused, match="Abernathyson"):
        picture.save()
    picture.refresh_from_db()
    assert picture.alt_text == ALT
    picture.alt_text = NEW
    picture.save()
    assert NEW in seen(story)


def test_the_service_holds_or_writes(story: Any, picture: Picture) -> None:
    by = Actor.system("import")
    change = services.change_shared(thing=picture, values={"alt_text": "Abernathyson on the stairs."}, by=by)
    assert change is not None
    picture.refresh_from_db()
    assert picture.alt_text == ALT
    assert services.change_shared(thing=picture, values={"alt_text": NEW}, by=by) is None
    assert NEW in seen(story)


def test_a_depicted_name_on_a_page_that_is_about_no_one(home: Any, person: Any, picture: Picture) -> None:
    Depiction.objects.create(person=person, picture=picture)
    body = [{"type": "figure", "value": {"picture": picture.pk}}]
    page = make.StandardPageFactory(body=body)
    assert usage_of(picture).pages == (page.pk,)
    fresh = Picture.objects.get(pk=picture.pk)
    fresh.alt_text = "Abernathyson on the stairs."
    with pytest.raises(SharedChangeRefused, match="abernathyson"):
        fresh.save()


# Without the right to publish -------------------------------------------------------------------------------


def test_an_editor_who_may_not_publish_proposes(
    without_publishing: Client, editor_client: Client, story: Any, picture: Picture
) -> None:
    html = without_publishing.get(reverse("wagtailimages:edit", args=[picture.pk])).content.decode()
    assert "until a publisher has reviewed it" in html
    edit(without_publishing, picture, alt_text=NEW)
    assert NEW not in seen(story)
    change = HeldChange.objects.get()
    act = reverse("shared_change_act", args=[change.pk])
    assert without_publishing.post(act, {"do": "release"}).status_code in (302, 403)
    assert NEW not in seen(story)
    page = editor_client.get(reverse("shared_change", args=[change.pk])).content.decode()
    assert NEW in page
    assert ALT in page
    editor_client.post(act, {"do": "release"})
    change.refresh_from_db()
    assert change.state == HeldChange.State.RELEASED
    assert NEW in seen(story)


def test_a_new_file_waits_with_the_change_and_the_old_one_stays(
    without_publishing: Client,
    editor_client: Client,
    story: Any,
    picture: Picture,
    django_capture_on_commit_callbacks: Any,
) -> None:
    old = picture.file.name
    new = SimpleUploadedFile("new.png", make.png(80, 60, "crimson").read(), "image/png")
    edit(without_publishing, picture, file=new)
    picture.refresh_from_db()
    assert picture.file.name == old
    assert picture.file.storage.exists(old)
    change = HeldChange.objects.get()
    ((storage, name),) = change.files()
    assert storage.exists(name)
    sent: Any = editor_client.get(reverse("shared_change_file", args=[change.pk, 0]))
    assert sent.status_code == 200
    assert b"".join(sent.streaming_content)[:4] == b"\x89PNG"
    with django_capture_on_commit_callbacks(execute=True):
        services.release(change=change, by=Actor.system("test"))
    picture.refresh_from_db()
    assert picture.file.name == name
    assert not picture.file.storage.exists(old)


def test_a_dropped_change_deletes_its_file(
    without_publishing: Client, story: Any, picture: Picture, django_capture_on_commit_callbacks: Any
) -> None:
    new = SimpleUploadedFile("new.png", make.png(80, 60, "crimson").read(), "image/png")
    edit(without_publishing, picture, file=new)
    change = HeldChange.objects.get()
    ((storage, name),) = change.files()
    with django_capture_on_commit_callbacks(execute=True):
        services.drop(change=change, by=Actor.system("test"))
    assert not storage.exists(name)
    with pytest.raises(services.ChangeError):
        services.release(change=change, by=Actor.system("test"))


def test_a_withdrawal_during_the_wait_holds(without_publishing: Client, story: Any, picture: Picture) -> None:
    from withdrawal.services import withdraw

    edit(without_publishing, picture, alt_text=NEW)
    withdraw(consent=story.person.consents.get(), by=Actor.system("test"), channel="editor")
    services.release(change=HeldChange.objects.get(), by=Actor.system("test"))
    assert Client().get(story.url).status_code in (404, 410)
    picture.refresh_from_db()
    assert not picture.is_published


def test_a_release_is_judged_again(
    without_publishing: Client, person: Any, story: Any, picture: Picture
) -> None:
    edit(without_publishing, picture, alt_text="Zebulon on the stairs, one hand on the rail.")
    change = HeldChange.objects.get()
    person.private_name = "Zebulon Abernathyson"
    person.save()
    with pytest.raises(services.ChangeError, match="Zebulon"):
        services.release(change=change, by=Actor.system("test"))
    change.refresh_from_db()
    assert change.state == HeldChange.State.WAITING
    assert "Zebulon" in change.reasons[0]["text"]
    assert "Zebulon" not in seen(story)


# Approval ---------------------------------------------------------------------------------------------------


def test_a_change_asks_the_family_again(editor_client: Client, story: Any, picture: Picture) -> None:
    from approval.models import Approval
    from approval.services import answer
    from tests.approval.approving import Family, sent

    link, _path = sent(story)
    answer(link=link, answer=Approval.Answer.APPROVED)
    edit(editor_client, picture, alt_text=NEW)
    assert NEW not in seen(story)
    change = HeldChange.objects.get()
    assert services.waits_for_family(change)
    with pytest.raises(services.ChangeError):
        services.release(change=change, by=Actor.system("test"))
    link, path = sent(story)
    family = Family()
    html = family.get(path).content.decode()
    assert NEW in html, "the family reads the page as it would be"
    assert NEW not in seen(story)
    family.post(path, {"do": "yes", "read": "1"})
    assert Approval.objects.filter(link=link, answer=Approval.Answer.APPROVED).exists()
    services.release(change=change, by=Actor.system("test"))
    assert NEW in seen(story)


def test_the_approval_covers_the_credit_and_the_captions(story: Any, picture: Picture) -> None:
    before = story.public_hash()
    Picture.objects.filter(pk=picture.pk).update(credit="Her aunt")
    assert story.public_hash() != before
    video = make.VideoPageFactory(person=story.person)
    before = video.public_hash()
    make.CaptionTrackFactory(recording=video.recording)
    assert video.public_hash() != before
