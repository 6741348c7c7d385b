"""What the ledger keeps of a withdrawal and of an erasure: ids and keyed hashes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from consent.models import Consent, Person
from ledger import kinds, recording
from mentions.full_names import Row
from mentions.models import WithdrawnName
from withdrawal import words
from withdrawal.models import Withdrawal

WITHDRAWAL, ERASURE = "consent.withdrawn", "person.erased"


def record_withdrawal(
    withdrawal: Withdrawal, consents: Iterable[Consent], taken_words: list[int], names: list[Row]
) -> None:
    """Record a withdrawal, under its own number, in its own transaction."""
    payload = of_withdrawal(withdrawal, consents, taken_words, names)
    recording.record(WITHDRAWAL, payload, number=withdrawal.number)


def record_erasure(person: Person, taken_words: list[int]) -> None:
    """Record an erasure in its own transaction, with the names that were remembered of the person."""
    stored = WithdrawnName.objects.filter(person_number=person.pk).values_list("first", "name")
    recording.record(ERASURE, of_erasure(person, taken_words, sorted(stored)))


def of_withdrawal(
    withdrawal: Withdrawal, consents: Iterable[Consent], taken_words: list[int], names: Iterable[Row] = ()
) -> dict[str, Any]:
    """Return what the ledger keeps of a withdrawal: ids and keyed hashes."""
    return {
        "person": withdrawal.person_id,
        "mark": kinds.mark(withdrawal.person),
        "consents": [[consent.pk, kinds.mark(consent)] for consent in consents],
        "uses": list(withdrawal.uses),
        "channel": str(withdrawal.channel),
        "at": withdrawal.at.isoformat(),
        "words": words.packed(taken_words),
        "names": words.packed(number for row in names for number in row),
    }


def of_erasure(person: Person, taken_words: list[int], names: Iterable[Row] = ()) -> dict[str, Any]:
    """Return what the ledger keeps of an erasure."""
    return {
        "person": person.pk,
        "mark": kinds.mark(person),
        "words": words.packed(taken_words),
        "names": words.packed(number for row in names for number in row),
    }


def names_of(payload: dict[str, Any]) -> list[Row]:
    """Return the names that an entry keeps; none in entries of earlier versions."""
    numbers = words.unpacked(payload.get("names", ""))
    return list(zip(numbers[::2], numbers[1::2], strict=True))
