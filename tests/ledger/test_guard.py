"""A database that is behind the ledger catches up; where it cannot, nothing about people is shown."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone

from approval.models import Approval
from approval.services import record_answer
from audit.actors import Actor
from audit.models import AuditEntry
from consent.models import Consent, Person
from consent.services import change
from delivery.models import StoredPage
from ledger import accepting, guard, stores
from ledger.lines import Entry
from ledger.models import LedgerEntry
from tests import factories as make
from withdrawal import receipts
from withdrawal.erasure.services import erase_person
from withdrawal.models import Withdrawal, WithdrawnWords
from withdrawal.services import withdraw, withdraw_person

pytestmark = pytest.mark.django_db
BY = Actor.system("test")


class Undone(Exception):
    pass


def decided_later(decide: Callable[[], Any]) -> list[Entry]:
    """Return what the ledger has of decisions that this database, an older one, does not have."""
    entries: list[Entry] = []
    with suppress(Undone), transaction.atomic():
        decide()
        entries = [stores.entry_of(row) for row in LedgerEntry.objects.order_by("at")]
        raise Undone
    return entries


def put(entries: list[Entry]) -> None:
    identity = stores.store().read().identity
    assert identity
    stores.store().append(entries, identity, new=False)


@pytest.fixture
def begun(ledger_file: Path) -> Path:
    assert guard.check().problems == ()
    return ledger_file


def codes(found: guard.Comparison) -> list[str]:
    return [problem.code for problem in found.problems]


def test_a_withdrawal_that_the_database_lacks_is_carried_out_again(
    begun: Path, home: Any, django_capture_on_commit_callbacks: Any
) -> None:
    person = make.consenting()
    story = make.StoryPageFactory(person=person)
    client = Client()
    assert client.get(story.url).status_code == 200
    StoredPage.objects.create(
        address_hash="a" * 64, page=story, body=b"old words", until=timezone.now(), version=1
    )
    number = []

    def decide() -> None:
        number.append(withdraw_person(person=person, by=BY, channel="editor", reason="her words").number)

    put(decided_later(decide))
    assert client.get(story.url).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        found = guard.check()
    assert (codes(found), found.applied) == ([], 1)
    assert client.get(story.url).status_code == 410
    again = Withdrawal.objects.get(number=number[0])
    assert again.by_name == "ledger"
    assert again.again_at is not None
    assert "restored a backup" in receipts.remaining(again)[0]
    assert "carried out again" in " ".join(receipts.remaining(again))
    assert AuditEntry.objects.filter(action="ledger.applied").count() == 1
    assert AuditEntry.objects.filter(action="consent.withdrawn", actor="ledger").count() == 1
    assert not StoredPage.objects.exists()
    # And only once.
    assert guard.check() == guard.Comparison()
    assert Withdrawal.objects.count() == 1


def test_another_person_with_the_same_number_is_left_alone(begun: Path, home: Any) -> None:
    person = make.consenting()
    consent = person.consents.get()
    entries = decided_later(lambda: withdraw(consent=consent, by=BY, channel="editor"))
    Person.objects.filter(pk=person.pk).update(created_at=timezone.now() + timedelta(days=1))
    put(entries)
    assert guard.check().applied == 1
    assert Consent.objects.in_force().filter(pk=consent.pk).exists()


def test_an_erasure_that_the_database_lacks_is_carried_out_again(begun: Path, home: Any) -> None:
    person = make.consenting(private_name="Quentina Secretson")
    make.StoryPageFactory(person=person)
    put(decided_later(lambda: erase_person(person=person, by=BY)))
    assert guard.check().applied == 2
    assert Person.objects.get(pk=person.pk).private_name == "—"


def test_a_restriction_that_the_database_lacks_is_carried_out_again(begun: Path, home: Any) -> None:
    consent = make.consent(make.PersonFactory())
    other = make.consent(make.PersonFactory())
    end = timezone.now() + timedelta(days=10)

    def decide() -> None:
        change(consent=consent, by=BY, uses=["text", "photo"])
        change(consent=consent, by=BY, until=end)
        change(consent=other, by=BY, uses=["text"])
        change(consent=other, by=BY, uses=["text", "voice"])  # the first was a mistake

    put(decided_later(decide))
    assert guard.check().problems == ()
    consent.refresh_from_db()
    other.refresh_from_db()
    assert {use.value for use in consent.uses} == {"text", "photo"}
    assert consent.ends_at == end
    assert {use.value for use in other.uses} == {"text", "voice"}


def test_an_end_that_a_corrected_birth_brought_forward_is_carried_out_again(begun: Path, home: Any) -> None:
    person = make.PersonFactory(birth_year=timezone.localdate().year - 16)
    consent = make.consent(
        person, signer="guardian", guardian=make.PersonFactory(), legally_entitled=True, assent="given"
    )
    story = make.StoryPageFactory(person=person)
    assert Client().get(story.url).status_code == 200

    def correct() -> None:
        person.birth_year -= 3
        person.save()

    put(decided_later(correct))
    assert Client().get(story.url).status_code == 200
    assert guard.check().applied == 1
    consent.refresh_from_db()
    assert consent.ends_at
    assert consent.ends_at < timezone.now()
    assert Client().get(story.url).status_code in {404, 410}


def test_a_refusal_that_the_database_lacks_is_carried_out_again(begun: Path, home: Any) -> None:
    person = make.consenting()
    story = make.StoryPageFactory(person=person)
    declined = Approval.Answer.DECLINED
    put(
        decided_later(
            lambda: record_answer(page=story, person=person, answer=declined, by=BY, message="by telephone")
        )
    )
    assert not Approval.objects.exists()
    assert guard.check().applied == 1
    given = Approval.objects.get()
    assert (given.answer, given.person, given.page_id) == ("declined", person, story.pk)


def test_a_missing_ledger_closes_until_a_new_one_is_accepted(begun: Path, home: Any, editor: Any) -> None:
    story = make.StoryPageFactory(person=make.consenting())
    plain = make.StandardPageFactory(title="How we make stories")
    quote = {"text": "He laughs more than before.", "speaker": "Meera", "said_by": story.person.pk}
    quoting = make.StandardPageFactory(title="What families say", body=[("quote", quote)])
    quoting.save_revision().publish()
    begun.unlink()
    assert codes(guard.check()) == ["missing"]
    client = Client()
    answer = client.get(story.url)
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert client.get(plain.url).status_code == 200
    assert client.get(quoting.url).status_code == 503
    for url in ("/search/", "/sitemap.xml", "/files/shown/pictures/x.png", story.get_parent().url):
        assert client.get(url).status_code == 503, url
    assert client.get("/nothing-here/").status_code == 404
    client.force_login(editor)
    assert "ledger of withdrawals is missing" in client.get("/admin/").content.decode()
    assert client.get(f"/admin/pages/{story.pk}/edit/").status_code == 200

    with pytest.raises(CommandError, match="missing"):
        call_command("check_ledger")
    with pytest.raises(CommandError, match="active user"):
        call_command("accept_ledger", reason="disk lost", user="no_such_user")
    call_command("accept_ledger", reason="disk lost", user=editor.username)
    entry = AuditEntry.objects.get(action="ledger.accepted")
    assert (entry.actor, entry.reason) == (editor.username, "disk lost")
    assert Client().get(story.url).status_code == 200
    call_command("check_ledger")


def test_a_ledger_that_was_altered_closes_and_what_is_whole_is_carried_out(begun: Path, home: Any) -> None:
    people = [make.consenting(), make.consenting()]
    entries = []
    for person in people:
        entries += decided_later(partial(withdraw_person, person=person, by=BY, channel="editor"))
    put(entries)
    text = begun.read_text()
    begun.write_text(text.replace(entries[0].payload["mark"], "0" * 64))
    assert codes(guard.check()) == ["altered"]
    assert not guard.is_open()
    in_force = Consent.objects.in_force().values_list("person", flat=True)
    assert list(in_force) == [people[0].pk]
    # The right file is put back.
    begun.write_text(text)
    assert guard.check().applied == 1
    assert guard.is_open()
    assert not Consent.objects.in_force().exists()


def test_an_older_copy_of_the_ledger_closes(begun: Path, home: Any) -> None:
    older = begun.read_text()
    put(decided_later(lambda: withdraw_person(person=make.consenting(), by=BY, channel="editor")))
    guard.check()
    begun.write_text(older)
    assert codes(guard.check()) == ["lacking"]


def test_the_ledger_of_another_database_closes(begun: Path) -> None:
    stores.store().replace("00000000-0000-0000-0000-000000000001", [], [])
    assert codes(guard.check()) == ["other"]


def test_a_database_from_before_a_new_ledger_was_accepted_follows_it(begun: Path, editor: Any) -> None:
    with suppress(Undone), transaction.atomic():
        accepting.accept(by=BY, reason="moved")
        raise Undone
    assert guard.check().problems == ()


def test_a_decision_that_fails_closes_and_is_tried_again(
    begun: Path, home: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = make.consenting()
    put(decided_later(lambda: withdraw_person(person=person, by=BY, channel="editor")))
    with monkeypatch.context() as broken:
        broken.setattr("withdrawal.services.take_down", lambda *_given, **_named: 1 / 0)
        assert codes(guard.check()) == ["failed"]
    assert guard.check().applied == 1
    assert guard.is_open()


def test_an_unreadable_ledger_closes(begun: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: Any) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr(stores.FileStore, "read", fail)
    assert codes(guard.check()) == ["unreadable"]


def test_words_are_remembered_of_people_whom_the_database_does_not_hold(begun: Path) -> None:
    payload = {
        "person": 7,
        "mark": "x",
        "consents": [],
        "uses": [],
        "channel": "editor",
        "words": "AAAAAAAAAAE=",
    }
    at = datetime(2026, 1, 1, tzinfo=timezone.get_current_timezone()).isoformat()
    put([Entry("00000000-0000-0000-0000-000000000002", "consent.withdrawn", at, {**payload, "at": at})])
    assert guard.check().applied == 1
    assert WithdrawnWords.objects.get().words == 1


def test_the_dashboard_says_that_the_ledger_cannot_be_written(
    begun: Path, home: Any, editor_client: Any
) -> None:
    assert "cannot be written" not in editor_client.get("/admin/").content.decode()
    LedgerEntry.objects.create(kind="consent.withdrawn", at=timezone.now(), is_written=False)
    assert "cannot be written" in editor_client.get("/admin/").content.decode()
