"""Consents that are recorded together are stored as if each had been recorded alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from wagtail.models import ReferenceIndex

from audit import trail
from audit.actors import Actor
from audit.models import AuditEntry
from changes import log
from consent import services
from consent.models import Consent, ConsentForm
from consent.models.person import Guardianship
from consent.together import Recording
from consent.uses import UNDERSTOOD
from tests import factories as make

pytestmark = pytest.mark.django_db


def unsaved(person: Any, page: Any = None, **fields: Any) -> Consent:
    """Return a consent to text and quotes that could be recorded."""
    form, _made = ConsentForm.objects.get_or_create(name="Story", version="1", text="I agree.")
    agreed = dict.fromkeys([*UNDERSTOOD, "use_text", "use_quotes"], True)
    values: dict[str, Any] = {
        "form": form,
        "signed_on": dt.date(2026, 3, 1),
        "page_id": page,
        **agreed,
        **fields,
    }
    return Consent(person=person, **values)


def cases() -> list[Consent]:
    """An adult for one page, a child whose mother signs, and a second consent of the adult."""
    adult, child, mother = make.PersonFactory(), make.PersonFactory(birth_year=2019), make.PersonFactory()
    Guardianship.objects.create(person=child, guardian=mother)
    guardian = {"signer": "guardian", "guardian": mother, "legally_entitled": True, "assent": "given"}
    return [
        unsaved(adult, page=make.story_index().pk),
        unsaved(child, **guardian),
        unsaved(adult, use_photo=True, signed_on=dt.date(2026, 3, 2)),
    ]


def plain(row: Any, *but: str) -> dict[str, Any]:
    ignored = {"id", "person", "guardian", "form", "page", "created_at", "starts_at", *but}
    return {
        field.name: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in ignored
    }


def references_of(consent: Consent) -> set[tuple[str, str]]:
    rows = ReferenceIndex.objects.filter(
        object_id=str(consent.pk), content_type__model="consent", content_type__app_label="consent"
    )
    return set(rows.values_list("to_object_id", "model_path"))


def test_the_same_rows_are_stored(editor: Any, heard: list[list[int]]) -> None:
    by = Actor.of(editor)
    alone = [services.record_consent(consent=consent, by=by) for consent in cases()]
    assert len(heard) == 3
    heard.clear()
    together = cases()
    with transaction.atomic():
        recording = Recording(by=by, people=[consent.person_id for consent in together])
        for consent in together:
            recording.add(consent)
        assert all(consent.pk is None for consent in together)
        recording.store()
        assert heard == [sorted({consent.person_id for consent in together})]
    assert Consent.objects.count() == 6
    for one, other in zip(alone, together, strict=True):
        stored = Consent.objects.get(pk=other.pk)
        assert plain(stored) == plain(Consent.objects.get(pk=one.pk))
        assert (stored.person_id, stored.guardian_id) == (other.person_id, other.guardian_id)
    # A child's consent ends when the child comes of age, and a consent for one page stays one.
    assert Consent.objects.get(pk=together[1].pk).ends_at is not None
    assert [consent.for_one_page for consent in together] == [True, False, False]

    entries = list(AuditEntry.objects.order_by("pk"))
    for mine, of in zip(entries[3:], together, strict=True):
        assert (mine.thing, mine.person_number) == (f"consent.consent:{of.pk}", of.person_id)
    sealed = ("thing", "person_number", "at", "previous_hash", "entry_hash")
    assert [plain(entry, *sealed) for entry in entries[3:]] == [
        plain(entry, *sealed) for entry in entries[:3]
    ]
    assert list(trail.broken()) == []


def test_wagtail_knows_what_they_refer_to() -> None:
    together = cases()
    with transaction.atomic():
        recording = Recording(by=Actor.system("test"))
        for consent in together:
            recording.add(consent)
        recording.store()
    found = [references_of(consent) for consent in together]
    assert (str(together[0].person_id), "person") in found[0]
    for consent in together:
        ReferenceIndex.create_or_update_for_object(consent)
    assert [references_of(consent) for consent in together] == found


def test_pages_made_of_consents_are_made_again() -> None:
    consent = cases()[0]
    with transaction.atomic():
        recording = Recording(by=Actor.system("test"))
        recording.add(consent)
        recording.store()
        assert {f"consent.consent:{consent.pk}", f"page:{consent.page_id}"} <= log.pending(connection)


def test_what_is_no_consent_is_refused_and_the_others_are_stored(heard: list[list[int]]) -> None:
    good, bad, _other = cases()
    bad.legally_entitled = False
    with transaction.atomic():
        recording = Recording(by=Actor.system("test"))
        recording.add(good)
        with pytest.raises(ValidationError, match="legal authority"):
            recording.add(bad)
        recording.store()
        recording.store()
    assert list(Consent.objects.all()) == [good]
    assert AuditEntry.objects.count() == len(heard) == 1


def test_more_consents_take_no_more_statements() -> None:
    counts = []
    for size in (2, 20):
        consents = [unsaved(make.PersonFactory()) for _number in range(size)]
        recording = Recording(by=Actor.system("test"))
        for consent in consents:
            recording.add(consent)
        with CaptureQueriesContext(connection) as queries:
            recording.store()
        counts.append(len(queries))
    assert counts[0] == counts[1]
