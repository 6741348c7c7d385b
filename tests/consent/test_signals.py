"""Consents and people that are written without a service: `consent_changed` is sent all the same."""

from __future__ import annotations

import pytest
from django.utils import timezone

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
