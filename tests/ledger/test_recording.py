"""Decisions are in the ledger before they are in the database, and never stop what was decided."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from audit.actors import Actor
from consent.models import Consent
from consent.services import change
from ledger import guard, recording, stores
from ledger.models import LedgerEntry
from tests import factories as make
from withdrawal import receipts
from withdrawal.services import withdraw

pytestmark = pytest.mark.django_db(transaction=True)
BY = Actor.system("test")


def take_back(consent: Consent) -> Any:
    return withdraw(consent=consent, by=BY, channel="command")


@pytest.fixture
def begun(ledger_file: Path) -> Path:
    assert guard.check().problems == ()
    return ledger_file


def ids() -> set[str]:
    return stores.store().read().ids


def test_a_withdrawal_is_in_the_ledger_without_personal_text(begun: Path) -> None:
    person = make.PersonFactory(private_name="Quentina Secretson", display_name="Zorabel")
    withdrawal = take_back(make.consent(person))
    assert ids() == {str(withdrawal.number)}
    text = begun.read_text()
    assert "Secretson" not in text
    assert "Zorabel" not in text
    assert begun.stat().st_mode & 0o077 == 0
    assert guard.check() == guard.Comparison()


def test_the_line_is_written_before_the_commit(begun: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, bool]] = []
    append = stores.FileStore.append

    def look(self: Any, *given: Any, **named: Any) -> None:
        append(self, *given, **named)
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM ledger_ledgerentry")
            seen.append((cursor.fetchone()[0], bool(ids())))
        other.close()

    monkeypatch.setattr(stores.FileStore, "append", look)
    take_back(make.consent(make.PersonFactory()))
    assert seen == [(0, True)]
    assert LedgerEntry.objects.count() == 1


def test_nothing_is_written_of_what_was_rolled_back(begun: Path) -> None:
    consent = make.consent(make.PersonFactory())
    with transaction.atomic():
        take_back(consent)
        transaction.set_rollback(True)
    with transaction.atomic():
        with transaction.atomic():
            take_back(consent)
            transaction.set_rollback(True)
        make.PersonFactory()
    assert ids() == set()
    assert LedgerEntry.objects.count() == 0


def test_a_commit_that_the_database_refuses_is_abandoned(
    begun: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    consent = make.consent(make.PersonFactory())
    own: Any = connections["default"]

    def refuse() -> None:
        raise IntegrityError("deferred")

    with monkeypatch.context() as broken:
        broken.setattr(own, "_commit", recording._committing(own, refuse))
        with pytest.raises(IntegrityError), transaction.atomic():
            take_back(consent)
    found = stores.store().read()
    assert len(found.ids) == 1
    assert found.abandoned == found.ids
    assert guard.check() == guard.Comparison()
    assert Consent.objects.in_force().filter(pk=consent.pk).exists()


def test_a_ledger_that_cannot_be_written_stops_no_withdrawal(
    begun: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: Any, **_named: Any) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(stores.FileStore, "append", fail)
        withdrawal = take_back(make.consent(make.PersonFactory()))
    assert not LedgerEntry.objects.get(pk=withdrawal.number).is_written
    assert "not yet" in " ".join(receipts.remaining(withdrawal))
    assert guard.check().written == 1
    assert ids() == {str(withdrawal.number)}
    assert "not yet" not in " ".join(receipts.remaining(withdrawal))


def test_a_lost_ledger_is_not_begun_again_by_the_next_withdrawal(begun: Path) -> None:
    take_back(make.consent(make.PersonFactory()))
    begun.unlink()
    withdrawal = take_back(make.consent(make.PersonFactory()))
    assert not begun.exists()
    assert not LedgerEntry.objects.get(pk=withdrawal.number).is_written


def test_what_was_withdrawn_before_there_was_a_ledger_is_in_it(ledger_file: Path) -> None:
    withdrawal = take_back(make.consent(make.PersonFactory()))
    LedgerEntry.objects.all().delete()
    assert guard.check().problems == ()
    (entry,) = stores.store().read().entries
    assert entry.id == str(withdrawal.number)
    assert entry.payload["consents"][0][0] == withdrawal.consent_id


def test_a_restricted_consent_and_a_refusal_are_in_the_ledger(begun: Path) -> None:
    consent = make.consent(make.PersonFactory())
    change(consent=consent, by=BY, until=timezone.now() + timedelta(days=900))
    change(consent=consent, by=BY, uses=["text"])
    first, second = stores.store().read().entries
    assert first.payload["ends_at"]
    assert second.payload["uses"] == ["text"]
