"""The audit trail: its chain, its report, and access to private recordings."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from audit import trail
from audit.actors import Actor
from audit.models import AuditEntry
from interviews.models import Interview
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_the_trail_detects_a_removed_and_an_altered_entry() -> None:
    for number in range(4):
        trail.record(by=Actor.system("a task"), action=f"thing.{number}", details={"n": number})
    assert list(trail.broken()) == []
    second = AuditEntry.objects.order_by("pk")[1]
    AuditEntry.objects.filter(pk=second.pk).update(reason="another")
    assert len(list(trail.broken())) == 1
    AuditEntry.objects.filter(pk=second.pk).update(reason="")
    assert list(trail.broken()) == []
    AuditEntry.objects.filter(pk=second.pk).delete()
    assert len(list(trail.broken())) == 1


def test_the_report_is_read_only_and_says_if_the_chain_is_broken(editor_client: Client) -> None:
    trail.record(by=Actor.system("a task"), action="first")
    trail.record(by=Actor.system("a task"), action="second")
    address = reverse("audit_trail")
    page = editor_client.get(address).content.decode()
    assert "The chain is intact" in page
    assert "second" in page
    AuditEntry.objects.filter(action="first").delete()
    assert "The chain of this audit trail is broken" in editor_client.get(address).content.decode()


def test_the_trail_records_each_access_to_a_private_recording_once(editor_client: Client) -> None:
    person = make.PersonFactory()
    recording = make.RecordingFactory()
    recording.depictions.create(person=person)
    talk = Interview.objects.create(title="A talk", recording=make.film())
    for _part in range(3):
        editor_client.get(f"/admin/private/recording/{recording.pk}/", headers={"Range": "bytes=0-99"})
        editor_client.get(reverse("interviews_recording", args=[talk.pk]), headers={"Range": "bytes=0-99"})
    entries = AuditEntry.objects.filter(action="recording.read").values_list(
        "actor", "thing", "person_number"
    )
    assert set(entries) == {
        ("editor", f"media.recording:{recording.pk}", person.pk),
        ("editor", f"interviews.interview:{talk.pk}", None),
    }
    assert len(entries) == 2
