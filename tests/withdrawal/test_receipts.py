"""The receipt as data: each line, each sentence, and not a name in it; and the withdrawal by link."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from approval.models import Approval
from approval.services import ApprovalError, revoke
from audit.actors import Actor
from audit.models import AuditEntry
from consent.models import Consent, Republication
from consent.uses import Use
from tests import factories as make
from tests.approval.approving import sent, story
from withdrawal import by_link, receipts
from withdrawal.models import TakedownStep, Withdrawal

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 11, 22, 10, 0, tzinfo=dt.UTC)


def step(withdrawal: Withdrawal, surface: str, state: str = "waiting", **fields: Any) -> TakedownStep:
    made: TakedownStep = withdrawal.steps.create(surface=surface, state=state, **{"count": 2, **fields})
    return made


@pytest.fixture
def withdrawal(home: Any) -> Withdrawal:
    return Withdrawal.objects.create(
        person=make.PersonFactory(private_name="Quentina Secretson", display_name="Ines"),
        number=uuid.UUID("3f2a91c0-0000-4000-8000-000000000000"),
        channel=Withdrawal.Channel.EDITOR,
        at=AT,
        by_name="An officer",
    )


def test_each_line_says_what_became_of_its_surface(withdrawal: Withdrawal, settings: Any) -> None:
    settings.FRONT_END_CACHE_SECONDS = 60
    later = AT + dt.timedelta(seconds=9)
    step(withdrawal, "from an older release")
    step(withdrawal, "front_end_cache", "failed", tries=3, error="TimeoutError: slow", next_try_at=later)
    step(withdrawal, "search", "done", tries=1, done_at=AT + dt.timedelta(milliseconds=1234))
    step(withdrawal, "pages", "done", tries=1, done_at=AT - dt.timedelta(seconds=2))
    found = {line["surface"]: line for line in receipts.lines(withdrawal)}
    assert list(found)[-2:] == ["front_end_cache", "from an older release"], "caches last, unknown ones after"
    assert [line["state_label"] for line in found.values()] == [
        "Gone and checked", "Gone and checked", "Not confirmed, tried again", "Waiting",
    ]  # fmt: skip
    assert found["search"]["seconds"] == 1.234
    assert found["pages"]["seconds"] == 0.0, "two clocks may differ; a duration is never negative"
    assert found["front_end_cache"]["seconds"] is None
    assert found["front_end_cache"]["latest_possible"] == AT + dt.timedelta(seconds=60)
    assert found["front_end_cache"]["next_try_at"] == later
    assert found["search"]["latest_possible"] is None
    assert found["search"]["label"] == "Search results"
    assert found["from an older release"]["label"] == "from an older release"


def test_the_receipt_adds_up_and_holds_no_name(withdrawal: Withdrawal) -> None:
    step(withdrawal, "search", "done", count=3, done_at=AT)
    step(withdrawal, "sitemap", "failed", count=2)
    step(withdrawal, "lists", count=1)
    whole = receipts.receipt(withdrawal)
    assert (whole["items"], whole["items_removed"]) == (6, 3)
    assert whole["receipt"] == "W-3F2A-91C0"
    written = json.dumps(whole, cls=DjangoJSONEncoder)
    assert "Secretson" not in written
    assert "Ines" not in written


def test_what_remains_is_said_with_the_last_day_of_backups(withdrawal: Withdrawal, settings: Any) -> None:
    settings.BACKUP_ROTATION_DAYS = 40
    assert receipts.backups_until(withdrawal) == dt.datetime(2027, 1, 1, 10, 0, tzinfo=dt.UTC)
    proof, private, backups, archives, copies = receipts.remaining(withdrawal)
    assert proof.startswith("The consent and this withdrawal, as proof")
    assert "until you ask us to erase them" in private
    assert "2027" in backups
    assert "%" not in backups
    assert "Search engines" in archives
    assert "Copies that others made" in copies


@pytest.mark.parametrize(
    ("uses", "words"),
    [
        ([], "everything"),
        ([Use.VIDEO.value], str(Use.VIDEO.label)),
        ([Use.FACE.value, Use.VOICE.value], f"{Use.FACE.label}, {Use.VOICE.label}"),
    ],
)
def test_the_uses_in_words(uses: list[str], words: str) -> None:
    assert receipts.uses_in_words(Withdrawal(uses=uses)) == words


def test_publishers_who_were_not_told_come_first(withdrawal: Withdrawal) -> None:
    person = withdrawal.person
    for place, told_at in (("A paper", timezone.now()), ("A blog", None), ("A radio", None)):
        Republication.objects.create(person=person, place=place, told_at=told_at)
    Republication.objects.create(person=make.PersonFactory(), place="Another family's")
    found = [republication.place for republication in receipts.republications(withdrawal)]
    assert found == ["A blog", "A radio", "A paper"]


# Through the link ---------------------------------------------------------------------------------


@pytest.fixture
def page(home: Any) -> Any:
    return story()


def test_everything_is_withdrawn_once(page: Any) -> None:
    make.consent(page.person, [Use.PHOTO])
    link, _path = sent(page)
    assert by_link.withdrawn_since(link) is None
    done = by_link.withdraw_everything(link=link, message="  Enough.  ", erase=True)
    assert done
    assert (done.channel, done.reason, done.uses) == ("link", "Enough.", [])
    assert not Consent.objects.in_force().filter(person=page.person).exists()
    assert by_link.withdrawn_since(link) == done
    asked = AuditEntry.objects.get(action="erasure.asked")
    assert asked.person_number == page.person.pk
    assert by_link.withdraw_everything(link=link) is None, "nothing was in force any more"
    assert Withdrawal.objects.count() == 1
    assert set(Approval.objects.values_list("answer", flat=True)) == {"withdrawn"}


def test_a_new_consent_ends_the_receipt_and_another_family_has_none(page: Any) -> None:
    link, _path = sent(page)
    other, _path = sent(story(person=make.consenting(display_name="Other")))
    by_link.withdraw_everything(link=link)
    assert by_link.withdrawn_since(other) is None
    assert Consent.objects.in_force().filter(person=other.person).exists()
    make.consent(page.person)
    assert by_link.withdrawn_since(link) is None


def test_a_closed_link_withdraws_nothing(page: Any) -> None:
    link, _path = sent(page)
    revoke(link=link, by=Actor.system("test"))
    with pytest.raises(ApprovalError):
        by_link.withdraw_everything(link=link, erase=True)
    assert Consent.objects.in_force().filter(person=page.person).exists()
    assert not AuditEntry.objects.filter(action="erasure.asked").exists()
