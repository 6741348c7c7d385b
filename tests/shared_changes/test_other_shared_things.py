"""Replaced recordings, other shared things, and other ways to change them.

Each test failed before: every such change was public at once.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.contrib.frontend_cache.backends.base import BaseBackend
from wagtail.models import Page

from audit.actors import Actor
from audit.models import AuditEntry
from consent.models import Depiction
from media.models import Picture, Recording
from shared_changes import checks, services
from shared_changes.models import HeldChange
from shared_changes.session import changing
from tests import factories as make
from tests.shared_changes.requests import ALT, NAME, NEW, edit, form, other_film, post_recording, seen
from withdrawal.erasure import personal_data

pytestmark = pytest.mark.django_db


def test_a_replaced_film_does_not_run_under_the_old_captions_and_poster(
    editor_client: Client, video: Any
) -> None:
    recording = video.recording
    assert "counts the stairs" in seen(video)
    old = Recording.objects.get(pk=recording.pk)
    post_recording(
        editor_client, recording, file=SimpleUploadedFile("other.webm", other_film().read(), "video/webm")
    )
    new = Recording.objects.get(pk=recording.pk)
    assert new.file.name != old.file.name
    assert new.thumbnail.name != old.thumbnail.name
    assert new.fitting_tracks == []
    assert new.tracks.count() == 1, "the captions are kept"
    html = seen(video)
    assert "counts the stairs" not in html
    assert "<track" not in html


def test_the_same_film_again_keeps_its_captions(video: Any) -> None:
    recording = Recording.objects.get(pk=video.recording_id)
    recording.file = make.film()
    recording.save()
    assert len(Recording.objects.get(pk=recording.pk).fitting_tracks) == 1


def test_captions_with_a_private_name_wait(editor_client: Client, video: Any) -> None:
    words = b"WEBVTT\n\n00:00.000 --> 00:04.000\nAbernathyson counts.\n"
    file = SimpleUploadedFile("film.vtt", words, "text/vtt")
    post_recording(
        editor_client, video.recording, captions=file, captions_language="en", captions_kind="captions"
    )
    change = HeldChange.objects.get()
    assert [step.do for step in change.steps] == ["delete", "add"]
    assert video.recording.tracks.get().stored_cues[0]["text"] == "She counts the stairs."
    assert "Abernathyson" not in seen(video)
    page = editor_client.get(reverse("shared_change", args=[change.pk]))
    assert page.status_code == 200
    video.recording.refresh_from_db()


def test_a_released_replacement_brings_its_own_captions(video: Any) -> None:
    recording = Recording.objects.get(pk=video.recording_id)
    trainee = User.objects.create_user("trainee")
    with changing(Actor.of(trainee)) as session:
        recording.file = other_film()
        recording.save()
        make.CaptionTrackFactory(recording=recording, language="fr")
    assert seen(video).count("<track") == 1
    services.release(change=session.held[0], by=Actor.system("test"))
    fresh = Recording.objects.get(pk=recording.pk)
    assert [track.language for track in fresh.fitting_tracks] == ["fr"]
    assert fresh.file.storage.exists(str(fresh.file.name))


# Other shared things ----------------------------------------------------------------------------------------


def test_a_term_that_pages_show_waits_for_a_publisher(story: Any, db: None) -> None:
    condition: Any = make.ConditionFactory(name="Cerebral palsy of old")
    story.conditions.set([condition])
    story.save()
    tagger = User.objects.create_user("tagger")
    with changing(Actor.of(tagger)) as session:
        condition.name = "Another name"
        condition.save()
    assert session.held
    condition.refresh_from_db()
    assert condition.name == "Cerebral palsy of old"
    services.release(change=session.held[0], by=Actor.system("test"))
    condition.refresh_from_db()
    assert condition.name == "Another name"


def test_a_private_name_in_the_site_settings_waits(editor_client: Client, story: Any) -> None:
    from pages.models import SiteSettings

    site = Page.objects.get(pk=story.pk).get_site()
    settings = SiteSettings.for_site(site)
    settings.save()
    change = services.change_shared(
        thing=settings, values={"footer_text": f"Thanks to {NAME}."}, by=Actor.system("test")
    )
    assert change is not None
    assert editor_client.get(reverse("shared_change", args=[change.pk])).status_code == 200
    listed = editor_client.get(reverse("shared_changes")).content.decode()
    assert "private name" in listed


# Other ways into the same rows ------------------------------------------------------------------------------

PURGED: list[str] = []


class RecordingCache(BaseBackend):
    """A front-end cache that only records which addresses are purged."""

    def purge(self, url: str) -> None:
        PURGED.append(url)


def test_a_page_behind_a_login_is_purged_and_counted_too(
    editor_client: Client,
    story: Any,
    picture: Picture,
    settings: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    from wagtail.models import PageViewRestriction

    settings.WAGTAILFRONTENDCACHE = {
        "recording": {"BACKEND": "tests.shared_changes.test_other_shared_things.RecordingCache"}
    }
    closed = make.StandardPageFactory(body=[{"type": "figure", "value": {"picture": picture.pk}}])
    PageViewRestriction.objects.create(page=closed, restriction_type=PageViewRestriction.LOGIN)
    PURGED.clear()
    with django_capture_on_commit_callbacks(execute=True):
        edit(editor_client, picture, alt_text=NEW)
    assert {story.full_url, closed.full_url} <= set(PURGED)
    entry = AuditEntry.objects.filter(action="shared_change.public").get()
    assert entry.details["pages"] == 2


def test_the_titles_of_several_pictures(editor_client: Client, story: Any, picture: Picture) -> None:
    values = {f"image-{picture.pk}-{name}": value for name, value in form(picture).items()}
    values[f"image-{picture.pk}-alt_text"] = "Abernathyson on the stairs."
    answer = editor_client.post(
        reverse("wagtailimages:edit_multiple", args=[picture.pk]),
        values,
        headers={"X-Requested-With": "XMLHttpRequest"},
    )
    assert answer.json()["success"] is False
    assert "Not public yet" in answer.json()["form"]
    picture.refresh_from_db()
    assert picture.alt_text == ALT
    assert HeldChange.objects.count() == 1


def test_a_document_waits_too(editor_client: Client, person: Any, home: Any) -> None:
    document: Any = make.DocumentFactory(title="Letter")
    body = [{"type": "document", "value": {"document": document.pk}}]
    page = make.StandardPageFactory(body=body)
    data = {"title": f"Letter of {NAME}", "collection": document.collection_id, "tags": ""}
    editor_client.post(reverse("wagtaildocs:edit", args=[document.pk]), data)
    document.refresh_from_db()
    assert document.title == "Letter"
    assert NAME not in seen(page)
    assert HeldChange.objects.count() == 1


def test_removed_captions_of_a_live_film_are_judged_with_the_rest(
    without_publishing: Client, video: Any
) -> None:
    trainee = User.objects.get(username="trainee")
    with changing(Actor.of(trainee)) as session:
        video.recording.tracks.get().delete()
    assert video.recording.tracks.count() == 1
    services.release(change=session.held[0], by=Actor.system("test"))
    assert video.recording.tracks.count() == 0


def test_an_erasure_takes_what_waits_along(without_publishing: Client, story: Any, picture: Picture) -> None:
    edit(without_publishing, picture, alt_text=NEW)
    Depiction.objects.create(person=story.person, picture=picture)
    found = personal_data.collect(story.person)
    assert personal_data.key_of(HeldChange.objects.get()) in found


def test_every_file_and_setting_is_shared() -> None:
    assert checks.shared_things() == []


def test_what_follows_a_refusal_in_a_form_is_rolled_back(editor_client: Client, video: Any) -> None:
    """The new film and its captions wait together: neither is public without the other."""
    words = b"WEBVTT\n\n00:00.000 --> 00:04.000\nAbernathyson counts.\n"
    old = video.recording.file.name
    post_recording(
        editor_client,
        video.recording,
        file=SimpleUploadedFile("other.webm", other_film().read(), "video/webm"),
        captions=SimpleUploadedFile("film.vtt", words, "text/vtt"),
        captions_language="en",
        captions_kind="captions",
    )
    fresh = Recording.objects.get(pk=video.recording_id)
    assert fresh.file.name == old
    assert fresh.file.storage.exists(old), "Wagtail deletes the earlier file before it saves the new one"
    assert len(fresh.fitting_tracks) == 1
    assert "counts the stairs" in seen(video)
    change = HeldChange.objects.get()
    assert [step.do for step in change.steps] == ["change", "delete", "add"]


def test_a_version_that_lacks_an_approval_lets_no_other_version_through(
    editor_client: Client, story: Any, picture: Picture
) -> None:
    from approval.models import Approval
    from approval.services import answer
    from tests.approval.approving import sent

    link, _path = sent(story)
    answer(link=link, answer=Approval.Answer.APPROVED)
    # The page is live with words that the family did not approve, as after an upgrade.
    type(story).objects.filter(pk=story.pk).update(lede="Other words.")
    edit(editor_client, picture, alt_text=NEW)
    assert HeldChange.objects.count() == 1
    assert NEW not in seen(story)


def test_what_waits_goes_with_the_picture(
    without_publishing: Client, story: Any, picture: Picture, django_capture_on_commit_callbacks: Any
) -> None:
    new = SimpleUploadedFile("new.png", make.png(80, 60, "crimson").read(), "image/png")
    edit(without_publishing, picture, file=new)
    ((storage, name),) = HeldChange.objects.get().files()
    with django_capture_on_commit_callbacks(execute=True):
        picture.delete()
    assert not HeldChange.objects.exists()
    assert not storage.exists(name)
