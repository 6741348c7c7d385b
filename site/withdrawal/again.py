"""Withdrawals and erasures in the ledger, and how they are carried out again in a restored database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from audit.actors import Actor
from consent.models import Consent, Person
from consent.uses import Use
from ledger import kinds
from ledger.lines import Entry
from ledger.models import LedgerEntry
from mentions import names_again
from withdrawal import ledger_entries, remembered, services, words
from withdrawal.erasure import services as erasure
from withdrawal.models import Withdrawal

BY = Actor.system("ledger")


def withdrawal_again(entry: Entry, _later: list[Entry]) -> None:
    """Withdraw again what the database holds of the consents that were withdrawn, under the same number.

    The words are remembered even where it holds neither person nor consent.
    """
    said = entry.payload
    person = _person(said)
    # The number may be another person's now.
    _remember(person.pk if person else -int(said["person"]), said)
    if person is None:
        return
    uses = frozenset(map(Use, said["uses"]))
    marks = {int(number): mark for number, mark in said["consents"]}
    numbers = [
        consent.pk
        for consent in Consent.objects.filter(pk__in=marks, person=person, withdrawn_at=None)
        if kinds.mark(consent) == marks[consent.pk] and (not uses or uses & consent.uses)
    ]
    if numbers:
        services.withdraw_again(
            person=person,
            consents=numbers,
            by=BY,
            channel=said["channel"],
            uses=uses,
            at=min(datetime.fromisoformat(said["at"]), timezone.now()),
            number=UUID(entry.id),
        )


def erasure_again(entry: Entry, _later: list[Entry]) -> None:
    """Erase again a person whom the database has back."""
    person = _person(entry.payload)
    number = person.pk if person else -int(entry.payload["person"])
    _remember(number, entry.payload)
    if person is not None and person.erased_at is None:
        erasure.erase_person(person=person, by=BY)


def _remember(number: int, said: dict[str, Any]) -> None:
    remembered.remember(number, words.unpacked(said["words"]))
    names_again.remember(number, ledger_entries.names_of(said))


def _person(said: dict[str, Any]) -> Person | None:
    person = Person.objects.filter(pk=said["person"]).first()
    return person if person is not None and kinds.mark(person) == said["mark"] else None


# Before there was a ledger ----------------------------------------------------------------------------------


def earlier_withdrawals() -> Iterator[tuple[UUID, dict[str, Any]]]:
    """Yield the withdrawals that were made before there was a ledger. Their words are not known any more."""
    made = Withdrawal.objects.exclude(channel=Withdrawal.Channel.EXPIRY).select_related("person", "consent")
    for withdrawal in made.order_by("pk"):
        consents = [withdrawal.consent] if withdrawal.consent else _withdrawn(withdrawal)
        yield withdrawal.number, ledger_entries.of_withdrawal(withdrawal, consents, [])


def _withdrawn(withdrawal: Withdrawal) -> list[Consent]:
    given = Consent.objects.filter(person=withdrawal.person_id, created_at__lte=withdrawal.at)
    return [
        consent
        for consent in given
        if consent.withdrawn_at or (withdrawal.uses and set(withdrawal.uses) <= set(consent.withdrawn_uses))
    ]


def earlier_erasures() -> Iterator[tuple[UUID, dict[str, Any]]]:
    """Yield the erasures that were made before there was a ledger."""
    for person in Person.objects.filter(erased_at__isnull=False).order_by("pk"):
        yield uuid4(), ledger_entries.of_erasure(person, [])


def register() -> None:
    """Register both kinds of decisions."""
    kinds.register(kinds.Kind(ledger_entries.WITHDRAWAL, withdrawal_again, earlier_withdrawals))
    kinds.register(kinds.Kind(ledger_entries.ERASURE, erasure_again, earlier_erasures))


def is_in_ledger(withdrawal: Withdrawal) -> bool:
    """Return whether a withdrawal is carried out again when an older database is restored.

    The end of a consent is part of the consent itself, so an expiry needs no ledger.
    """
    if withdrawal.channel == Withdrawal.Channel.EXPIRY:
        return True
    return LedgerEntry.objects.filter(pk=withdrawal.number, is_written=True).exists()


__all__ = ["is_in_ledger", "register"]
