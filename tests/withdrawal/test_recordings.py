"""After a withdrawal, pages and files do not become public under anyone else's consent."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from audit.actors import Actor
from consent.models import Depiction
from consent.uses import Use
from publication import gate
from publication.reasons import Why
from tests import factories as make
from withdrawal.services import withdraw_person

pytestmark = pytest.mark.django_db
BY = Actor.system("test")


@pytest.fixture
def video(home: Any) -> Any:
    page = make.VideoPageFactory(person=make.consenting(), live=False, title="A film", summary="He sits.")
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def published_as(page: Any, person: Any) -> Any:
    page = type(page).objects.get(pk=page.pk)
    page.person = person
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def test_a_withdrawn_film_is_not_public_under_another_persons_consent(video: Any) -> None:
    """Failed before: a film in which no one was named was taken to be of whomever the page was about now."""
    recording = video.recording
    withdraw_person(person=video.person, by=BY, channel="editor")
    with pytest.raises(gate.NotPublic) as refused:
        published_as(video, make.consenting())
    assert {(reason.why, reason.requirement.use) for reason in refused.value.reasons} == {
        (Why.WITHDRAWN, Use.VOICE),
        (Why.WITHDRAWN, Use.VIDEO),
    }
    assert Client().get(video.url).status_code in {404, 410}
    assert Depiction.objects.get(recording=recording).person == video.person


def test_a_film_in_which_someone_is_named_stays_theirs(home: Any) -> None:
    shown = make.consenting()
    recording = make.RecordingFactory()
    Depiction.objects.create(person=shown, recording=recording)
    page = make.VideoPageFactory(
        person=make.consenting(), recording=recording, title="A film", summary="He sits."
    )
    withdraw_person(person=page.person, by=BY, channel="editor")
    assert Depiction.objects.get(recording=recording).person == shown
    assert published_as(page, make.consenting()).live


def test_with_a_new_consent_the_film_is_public_again(video: Any) -> None:
    withdraw_person(person=video.person, by=BY, channel="editor")
    make.consent(video.person, uses=[Use.TEXT, Use.VOICE, Use.VIDEO])
    assert published_as(video, video.person).live


def test_a_withdrawal_of_the_text_alone_names_nobody_in_the_film(video: Any) -> None:
    withdraw_person(person=video.person, by=BY, channel="editor", uses=[Use.QUOTES])
    assert not Depiction.objects.exists()
