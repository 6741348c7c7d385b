"""Mentions end with the consent, however it ends. Each test failed before."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from audit.actors import Actor
from audit.models import AuditEntry
from consent import services as consents
from consent.uses import Use
from tests import factories as make
from withdrawal import expiry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("names_not_asked_about")]
BY = Actor.system("test")


@pytest.fixture
def story(home: Any) -> Any:
    return make.StoryPageFactory(
        person=make.consenting(display_name="Aarav", private_name="Rohan Iyer"), patient_name="Aarav"
    )


@pytest.fixture
def plain(story: Any) -> Any:
    page = make.StandardPageFactory(title="How we work", body=[("text", "<p>Aarav told us.</p><p>Stay.</p>")])
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def html(page: Any) -> str:
    return Client().get(page.url).content.decode()


def test_a_consent_that_an_officer_restricts(story: Any, plain: Any) -> None:
    assert "Aarav" in html(plain)
    consents.change(consent=story.person.consents.get(), by=BY, uses=[Use.PHOTO])
    assert "Aarav" not in html(plain)
    assert "Stay." in html(plain)


def test_a_consent_that_ends_while_no_page_of_the_person_is_public(story: Any, plain: Any) -> None:
    consents.change(consent=story.person.consents.get(), by=BY, until=timezone.now() + dt.timedelta(hours=1))
    story.unpublish()
    with time_machine.travel(timezone.now() + dt.timedelta(hours=2), tick=False):
        expiry.expire()
        assert "Aarav" not in html(plain)


def test_a_consent_that_ends_is_looked_at_once(story: Any, plain: Any) -> None:
    consents.change(consent=story.person.consents.get(), by=BY, until=timezone.now() + dt.timedelta(hours=1))
    with time_machine.travel(timezone.now() + dt.timedelta(hours=2), tick=False):
        expiry.expire()
        expiry.expire()
    assert AuditEntry.objects.filter(action="consent.ended").count() == 1


def test_what_another_consent_still_allows_stays(story: Any, plain: Any) -> None:
    make.consent(story.person, uses=[Use.TEXT])
    first = story.person.consents.order_by("pk").first()
    consents.change(consent=first, by=BY, uses=[Use.PHOTO])
    assert "Aarav" in html(plain)
