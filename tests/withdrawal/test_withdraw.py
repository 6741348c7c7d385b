"""Withdrawing a consent unpublishes everything that depends on it, at once, and produces a receipt."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from audit import trail
from audit.actors import Actor
from audit.models import AuditEntry
from consent.models import Depiction
from consent.uses import Use
from media import publishing
from publication import visibility
from publication.models import Clearance
from tests import factories as make
from withdrawal import surfaces, takedown
from withdrawal.models import GoneAddress, TakedownStep, Withdrawal
from withdrawal.services import AlreadyWithdrawn, preview, withdraw, withdraw_person
from withdrawal.surfaces import Surface, SurfaceContent, addresses

pytestmark = pytest.mark.django_db(transaction=True)
BY = Actor.system("test")


def withdraw_now(consent: Any, **options: Any) -> Withdrawal:
    options = {"by": BY, "channel": Withdrawal.Channel.EDITOR, "reason": "asked by the family", **options}
    return withdraw(consent=consent, **options)


def test_a_withdrawal_takes_the_page_down_and_writes_the_receipt(client: Client) -> None:
    story = make.StoryPageFactory(title="Fourteen stairs")
    consent = story.person.consents.get()
    assert client.get(story.url).status_code == 200

    done = withdraw_now(consent)

    answer = client.get(story.url)
    assert answer.status_code == 410
    assert b"Fourteen" not in answer.content
    consent.refresh_from_db()
    assert consent.state() == consent.State.WITHDRAWN
    assert not Page.objects.get(pk=story.pk).live
    assert not Clearance.objects.filter(page=story.pk).exists()
    assert done.finished_at
    assert {step.state for step in done.steps.all()} == {TakedownStep.State.DONE}
    assert {step.surface for step in done.steps.all()} >= {"pages", "lists", "search", "sitemap"}
    assert all(step.what == {} for step in done.steps.all())
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["consent.withdrawn", "withdrawal.finished"]
    assert not list(trail.broken())


def test_what_is_below_a_page_is_gone_with_it_and_its_neighbours_are_not(client: Client) -> None:
    story = make.StoryPageFactory()
    withdraw_now(story.person.consents.get())
    assert client.get(f"{story.url}anything/at/all/").status_code == 410
    assert client.get(story.url.rstrip("/")).status_code == 410
    assert client.get(f"{story.url.rstrip('/')}-2/").status_code == 404
    assert client.get("/nothing/was/ever/here/").status_code == 404


def test_addresses_are_kept_as_hashes_only() -> None:
    story = make.StoryPageFactory(slug="ines-of-lisbon")
    withdraw_now(story.person.consents.get())
    kept = " ".join(GoneAddress.objects.values_list("address_hash", flat=True))
    assert kept
    assert "ines" not in kept


def test_an_answer_that_is_not_404_asks_nothing(client: Client, django_assert_num_queries: Any) -> None:
    story = make.StoryPageFactory()
    withdraw_now(story.person.consents.get())
    client.get("/robots.txt")
    with django_assert_num_queries(0):
        client.get("/robots.txt")


def test_a_page_published_again_answers_again(client: Client) -> None:
    story = make.StoryPageFactory()
    withdraw_now(story.person.consents.get())
    make.consent(story.person)
    Page.objects.get(pk=story.pk).specific.save_revision().publish()
    assert client.get(story.url).status_code == 200
    assert not addresses.is_gone(story.url)


def test_only_the_video_is_removed_when_only_the_video_is_withdrawn(client: Client) -> None:
    recording = make.RecordingFactory()
    story = make.StoryPageFactory(
        before=json.dumps(
            [
                {
                    "type": "text",
                    "value": "<p>She counts the stairs.</p>",
                    "id": "11111111-1111-4111-8111-111111111111",
                },
                {
                    "type": "video",
                    "value": {"recording": recording.pk, "caption": "On the stairs"},
                    "id": "22222222-2222-4222-8222-222222222222",
                },
            ]
        )
    )
    consent = story.person.consents.get()
    recording.refresh_from_db()
    address = recording.url
    assert client.get(address).status_code == 200

    done = withdraw_now(consent, uses=[Use.VIDEO, Use.VOICE])

    assert client.get(story.url).status_code == 200
    assert client.get(address).status_code == 410
    consent.refresh_from_db()
    assert consent.state() == consent.State.IN_FORCE
    assert set(consent.withdrawn_uses) == {"video", "voice"}
    withheld = Clearance.objects.get(page=story.pk).redacted()
    assert withheld == {"block:22222222-2222-4222-8222-222222222222"}
    assert done.finished_at


def test_a_picture_that_another_page_shows_stays(client: Client) -> None:
    picture = make.PictureFactory()
    story = make.StoryPageFactory(picture=picture)
    other = make.StoryPageFactory(picture=picture)
    for page in (story, other):
        client.get(page.url)
    picture.refresh_from_db()
    rendition = picture.renditions.exclude(public_name="").first()
    withdraw_now(story.person.consents.get())
    assert client.get(rendition.url).status_code == 200
    withdraw_now(other.person.consents.get())
    assert client.get(rendition.url).status_code == 410


def test_a_picture_of_a_person_is_removed_from_pages_that_are_not_about_a_person(client: Client) -> None:
    person = make.consenting()
    picture = make.PictureFactory()
    Depiction.objects.create(person=person, picture=picture)
    page = make.StandardPageFactory(picture=picture)
    client.get(page.url)
    picture.refresh_from_db()
    assert picture.is_published
    names = publishing.public_files_of(picture)

    done = withdraw_now(person.consents.get(), uses=[Use.FACE])

    picture.refresh_from_db()
    assert not picture.is_published
    assert client.get(page.url).status_code == 200
    assert done.finished_at
    for name in names:
        assert client.get(f"/files/{name}").status_code == 410
    counted = sum(step.count for step in done.steps.filter(surface__in=["renditions", "social_images"]))
    assert counted == len(names)


def test_the_preview_changes_nothing() -> None:
    story = make.StoryPageFactory()
    consent = story.person.consents.get()
    scope = preview(person=story.person.pk, consents=[consent])
    found = surfaces.find(scope)
    assert [page.pk for page in scope.unpublished] == [story.pk]
    assert found["pages"].count == 1
    assert visibility.is_visible(story)
    consent.refresh_from_db()
    assert consent.withdrawn_at is None
    assert not Withdrawal.objects.exists()


def test_another_consent_that_allows_the_page_keeps_it_up() -> None:
    story = make.StoryPageFactory()
    first = story.person.consents.get()
    make.consent(story.person)
    done = withdraw_now(first)
    assert visibility.is_visible(story)
    assert not done.steps.exists()
    assert done.finished_at


def test_all_consents_of_a_person_are_withdrawn_with_one_receipt() -> None:
    story = make.StoryPageFactory()
    make.consent(story.person)
    done = withdraw_person(person=story.person, by=Actor.person(story.person.pk), channel="link")
    assert not visibility.is_visible(story)
    assert done.consent is None
    assert not story.person.consents.filter(withdrawn_at__isnull=True).exists()


def test_a_second_withdrawal_is_refused_and_changes_nothing() -> None:
    story = make.StoryPageFactory()
    consent = story.person.consents.get()
    withdraw_now(consent, uses=["video"])
    with pytest.raises(AlreadyWithdrawn):
        withdraw_now(consent, uses=["video"])
    withdraw_now(consent)
    with pytest.raises(AlreadyWithdrawn):
        withdraw_now(consent)
    assert Withdrawal.objects.count() == 2


def test_a_future_date_and_unknown_uses_are_refused() -> None:
    consent = make.consent(make.PersonFactory())
    with pytest.raises(ValueError, match="future"):
        withdraw_now(consent, at=timezone.now() + dt.timedelta(hours=1))
    with pytest.raises(ValueError, match="posters"):
        withdraw_now(consent, uses=["posters"])
    consent.refresh_from_db()
    assert consent.withdrawn_at is None


def test_nothing_is_left_half_done_when_the_withdrawal_itself_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    story = make.StoryPageFactory()

    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("withdrawal.takedown.record_steps", broken)
    with pytest.raises(RuntimeError):
        withdraw_now(story.person.consents.get())
    assert visibility.is_visible(story)
    assert not GoneAddress.objects.exists()


class Stubborn(Surface):
    """A surface that does not come down until it is told to."""

    name = "stubborn"
    label = "A stubborn cache"
    yields = False

    def find(self, scope: Any) -> SurfaceContent:
        return SurfaceContent(3, {"x": 1})

    def take_down(self, what: dict[str, Any]) -> None:
        if not self.yields:
            raise OSError("it does not answer")

    def check(self, what: dict[str, Any]) -> int:
        return 0


@pytest.fixture
def stubborn(monkeypatch: pytest.MonkeyPatch) -> Stubborn:
    from withdrawal.surfaces import registry

    surface = Stubborn()
    monkeypatch.setitem(registry._surfaces, "stubborn", surface)
    return surface


def test_what_fails_is_tried_again_and_keeps_nothing_else_up(stubborn: Stubborn, client: Client) -> None:
    story = make.StoryPageFactory()
    done = withdraw_now(story.person.consents.get())
    step = done.steps.get(surface="stubborn")
    assert (step.state, step.tries, step.error) == ("failed", 1, "OSError: it does not answer")
    assert step.next_try_at
    assert step.next_try_at > timezone.now()
    assert done.finished_at is None
    assert client.get(story.url).status_code == 410
    assert done.steps.exclude(surface="stubborn").filter(state="done").exists()

    assert takedown.finish(due_only=True) == (0, 1)  # not due yet
    assert TakedownStep.objects.get(pk=step.pk).tries == 1
    stubborn.yields = True
    assert takedown.finish() == (1, 0)
    assert Withdrawal.objects.filter(pk=done.pk, finished_at__isnull=False).exists()
    assert TakedownStep.objects.get(pk=step.pk).tries == 2


def test_the_command_prints_a_receipt_without_a_name(capsys: pytest.CaptureFixture[str]) -> None:
    story = make.StoryPageFactory(title="Fourteen stairs", slug="fourteen")
    consent = story.person.consents.get()
    call_command("withdraw_consent", str(consent.pk), reason="by telephone", json=True)
    printed = capsys.readouterr().out
    receipt = json.loads(printed)
    assert receipt["items"] == receipt["items_removed"] > 3
    assert receipt["finished_at"]
    assert receipt["remains"]
    for word in ("Fourteen", "fourteen", "Ines", story.person.private_name):
        assert word not in printed
    with pytest.raises(CommandError, match="already been withdrawn"):
        call_command("withdraw_consent", str(consent.pk), reason="again")
    with pytest.raises(CommandError, match="Unknown use: poster"):
        call_command("withdraw_consent", str(consent.pk), reason="again", uses="poster")
