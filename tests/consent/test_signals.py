"""Consents and people that are written without a service: `consent_changed` is sent all the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from consent.models import Consent, Person
from consent.restrictions import KIND, payload_of
from ledger.models import LedgerEntry
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_a_write_without_a_service_is_noticed_too(heard: list[list[int]]) -> None:
    consent = make.consent(make.PersonFactory())
    assert heard == [[consent.person_id]]
    person = consent.person
    person.display_name = "Marta"
    person.save()
    consent.delete()
    assert heard == [[person.pk]] * 3


def test_a_corrected_birth_moves_the_end_of_a_guardians_consent(heard: list[list[int]]) -> None:
    person = make.PersonFactory(birth_year=timezone.localdate().year - 9)
    consent = make.consent(
        person, signer="guardian", guardian=make.PersonFactory(), legally_entitled=True, assent="given"
    )
    before, person.birth_year = consent.ends_at, person.birth_year - 2
    heard.clear()
    person.save()
    consent.refresh_from_db()
    assert before is not None
    assert consent.ends_at is not None
    assert consent.ends_at.year == before.year - 2
    assert heard == [[person.pk]]


def born_later(person: Person, years: int) -> None:
    """Correct the year of birth."""
    assert person.birth_year
    person.birth_year += years
    person.save()


def guarded(years_ago: int = 9) -> Consent:
    return make.consent(
        make.PersonFactory(birth_year=timezone.localdate().year - years_ago),
        signer="guardian",
        guardian=make.PersonFactory(),
        legally_entitled=True,
        assent="given",
    )


def older(consent: Consent) -> None:
    born_later(consent.person, -2)


def of_age_earlier(consent: Consent) -> None:
    consent.person.of_age_at = 16
    consent.person.save()


def ends_in_a_shell(consent: Consent) -> None:
    Consent.objects.filter(pk=consent.pk).first().delete()


def narrowed_in_a_shell(consent: Consent) -> None:
    consent.use_photo = False
    consent.save()


@pytest.mark.parametrize("decide", [older, of_age_earlier, ends_in_a_shell, narrowed_in_a_shell])
def test_whatever_brings_the_end_forward_is_in_the_ledger(decide: Callable[[Consent], None]) -> None:
    consent = guarded()
    before = payload_of(consent)
    decide(consent)
    (entry,) = LedgerEntry.objects.filter(kind=KIND)
    assert (entry.payload["consent"], entry.payload["mark"]) == (before["consent"], before["mark"])
    said = entry.payload
    assert (
        not said["signed"] or said["ends_at"] < before["ends_at"] or len(said["uses"]) < len(before["uses"])
    )


def test_a_birth_that_is_corrected_back_is_in_the_ledger_too() -> None:
    consent = guarded()
    before = payload_of(consent)
    older(consent)
    born_later(consent.person, 2)
    assert LedgerEntry.objects.filter(kind=KIND).order_by("at").last().payload == before


def test_a_name_or_a_later_end_writes_no_line() -> None:
    consent = guarded()
    consent.person.display_name = "Marta"
    born_later(consent.person, 1)
    assert not LedgerEntry.objects.exists()
