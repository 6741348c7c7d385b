"""What one audit entry says, and that no field of it can be altered unnoticed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser, Permission
from django.test import Client
from django.urls import reverse

from audit import trail
from audit.actors import Actor
from audit.file_access import ONE_ACCESS, private_file_was_read, record_access
from audit.models import AuditEntry
from tests import factories as make

pytestmark = pytest.mark.django_db
TASK = Actor.system("a task")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_an_actor_is_a_user_a_person_or_a_task(editor: Any) -> None:
    assert Actor.of(editor) == Actor("user", "editor", editor)
    assert Actor.person(12) == Actor("person", "person 12")
    assert Actor.system("expire_consents") == Actor("system", "expire_consents")
    for stranger in (None, AnonymousUser()):
        with pytest.raises(ValueError, match="logged in"):
            Actor.of(stranger)


def test_an_entry_names_its_actor_its_object_and_its_time(editor: Any) -> None:
    person = make.PersonFactory(private_name="Rosa Ferreira")
    with time_machine.travel(NOON, tick=False):
        entry = trail.record(by=Actor.of(editor), action="person.read", thing=person, person=person.pk)
    stored = AuditEntry.objects.get()
    assert stored == entry
    assert (stored.actor_kind, stored.actor, stored.user) == ("user", "editor", editor)
    assert (stored.thing, stored.person_number, stored.at) == (f"consent.person:{person.pk}", person.pk, NOON)
    assert (stored.details, stored.reason, stored.reason_hash) == ({}, "", "")
    assert str(stored) == f"2026-03-02 12:00 editor: person.read consent.person:{person.pk}"
    assert "Rosa" not in repr(list(AuditEntry.objects.values()))


def test_an_object_is_named_in_words_or_not_at_all() -> None:
    earlier = NOON - timedelta(days=3)
    assert trail.record(by=TASK, action="search.rebuilt", thing="search index").thing == "search index"
    assert trail.record(by=TASK, action="search.rebuilt", at=earlier).thing == ""
    assert AuditEntry.objects.latest("pk").at == earlier


def test_details_are_stored_as_plain_data_and_stay_sealed() -> None:
    details = {
        "until": NOON,
        "signed_on": date(2026, 3, 2),
        "share": Decimal("0.5"),
        "pages": (1, 2),
        "ü": None,
    }
    trail.record(by=TASK, action="consent.changed", details=details)
    plain = {"until": "2026-03-02T12:00:00Z", "signed_on": "2026-03-02", "share": "0.5", "pages": [1, 2]}
    assert AuditEntry.objects.get().details == {**plain, "ü": None}
    assert list(trail.broken()) == []
    with pytest.raises(TypeError):
        trail.record(by=TASK, action="consent.changed", details={"person": make.PersonFactory()})
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("at", NOON + timedelta(seconds=1)),
        ("actor_kind", "user"),
        ("actor", "editor"),
        ("action", "consent.recorded"),
        ("thing", "consent.consent:2"),
        ("person_number", None),
        ("details", {"uses": ["text"]}),
        ("reason", "By letter"),
        ("reason", ""),
        ("reason_hash", ""),
    ],
)
def test_no_field_can_be_altered_unnoticed(field: str, value: Any) -> None:
    entry = trail.record(
        by=TASK,
        action="consent.withdrawn",
        thing="consent.consent:1",
        person=1,
        details={"uses": ["photo"]},
        reason="By telephone",
        at=NOON,
    )
    trail.record(by=TASK, action="second")
    AuditEntry.objects.filter(pk=entry.pk).update(**{field: value})
    assert list(trail.broken()) == [f"entry {entry.pk}: the entry was altered"]


def test_an_altered_seal_breaks_the_entry_and_the_link_of_the_next() -> None:
    first, second = (trail.record(by=TASK, action=name) for name in ("first", "second"))
    assert first.previous_hash == trail.FIRST
    assert second.previous_hash == first.entry_hash
    AuditEntry.objects.filter(pk=first.pk).update(entry_hash="f" * 64)
    assert list(trail.broken()) == [
        f"entry {first.pk}: the entry was altered",
        f"before entry {second.pk}: an entry was removed or inserted",
    ]


def test_an_entry_sealed_without_the_key_of_the_site_is_noticed(settings: Any) -> None:
    settings.RECORDS_KEY = "a key that was guessed"
    forged = trail.record(by=TASK, action="consent.recorded")
    settings.RECORDS_KEY = "the key of the site"
    assert list(trail.broken()) == [f"entry {forged.pk}: the entry was altered"]


def test_an_erasure_alone_may_remove_a_reason_and_may_not_replace_it() -> None:
    erased = trail.record(by=TASK, action="consent.changed", person=1, reason="Rosa asked for it")
    other = trail.record(by=TASK, action="consent.changed", person=2, reason="Marta asked for it")
    trail.record(by=TASK, action="person.erased", person=1)
    AuditEntry.objects.filter(pk=erased.pk).update(reason="")
    assert list(trail.broken()) == []
    AuditEntry.objects.filter(pk=erased.pk).update(reason="Invented")
    AuditEntry.objects.filter(pk=other.pk).update(reason="")
    assert list(trail.broken()) == [f"entry {each.pk}: the entry was altered" for each in (erased, other)]


def test_a_fingerprint_recognises_text_by_its_parts_and_the_key(settings: Any) -> None:
    assert trail.fingerprint("Rosa", "Ferreira") == trail.fingerprint("Rosa", "Ferreira")
    different = {trail.fingerprint(*parts) for parts in [("Rosa", "F"), ("RosaF",), ("F", "Rosa")]}
    assert len(different) == 3
    settings.RECORDS_KEY = "another key"
    assert trail.fingerprint("Rosa", "F") not in different


def test_one_access_lasts_five_minutes_for_each_user_and_file(editor: Any, django_user_model: Any) -> None:
    other = django_user_model.objects.create_user("other")
    first, second = make.RecordingFactory(), make.RecordingFactory()
    with time_machine.travel(NOON, tick=False) as clock:
        for user, file in [(editor, first), (editor, first), (other, first), (editor, second)]:
            record_access(user=user, file=file, person=4)
        assert AuditEntry.objects.filter(person_number=4).count() == 3
        clock.shift(ONE_ACCESS)
        record_access(user=editor, file=first)
    assert AuditEntry.objects.filter(actor="editor", thing=f"media.recording:{first.pk}").count() == 2


def test_of_private_files_the_trail_records_recordings_alone(editor: Any) -> None:
    private_file_was_read(user=editor, item=make.PictureFactory())
    assert not AuditEntry.objects.exists()
    private_file_was_read(user=editor, item=make.RecordingFactory())
    assert AuditEntry.objects.get().action == "recording.read"


def test_the_report_is_shown_to_users_with_the_permission_alone(
    django_user_model: Any, client: Client
) -> None:
    user = django_user_model.objects.create_user("reviewer")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    address = reverse("audit_trail")
    assert client.get(address).status_code == 302
    assert f'"{address}"' not in client.get("/admin/").content.decode()
    user.user_permissions.add(Permission.objects.get(codename="view_auditentry"))
    assert client.get(address).status_code == 200
    assert f'"{address}"' in client.get("/admin/").content.decode()
