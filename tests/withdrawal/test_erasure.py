"""After an erasure nothing is left anywhere: every table, file, cache, session and log is searched for the
person."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.session import SessionStorage
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.log_actions import log

from approval.models import Approval, ApprovalLink, ApprovalNote
from audit import trail
from audit.actors import Actor
from audit.models import AuditEntry
from changes import log as change_log
from consent.models import Consent, Person
from delivery.models import StoredPage
from interviews.models import Interview, InterviewContributor
from media.models import Picture
from tests import factories as make
from tests.withdrawal import rich as people
from withdrawal.erasure import tombstones
from withdrawal.erasure.export import export
from withdrawal.erasure.personal_data import DERIVED
from withdrawal.erasure.services import erase_person, erase_returned_people

pytestmark = pytest.mark.django_db(transaction=True)

NEEDLES = (people.CANARY.lower(), people.NAME.lower(), "quentina", "z@example.org")
OFFICER = Actor.system("a test")


def tables() -> dict[str, list[str]]:
    """Of each table the rows, as words, in lower case, that hold one of the needles."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows = [str(row).lower() for row in cursor.fetchall()]
            if hits := [row for row in rows if any(needle in row for needle in NEEDLES)]:
                found[table] = hits
    for session in Session.objects.all():  # stored signed and compressed
        if any(needle in str(session.get_decoded()).lower() for needle in NEEDLES):
            found.setdefault("django_session", []).append(session.session_key)
    return found


def files() -> Iterator[tuple[Path, bytes]]:
    for root in (Path(settings.MEDIA_ROOT), Path(storages["private"].location)):  # type: ignore[attr-defined]
        for path in root.rglob("*"):
            if path.is_file():
                yield path, path.read_bytes()


def files_that_tell() -> list[str]:
    return [
        str(path)
        for path, content in files()
        if any(needle in path.name.lower() or needle.encode() in content.lower() for needle in NEEDLES)
    ]


def in_cache() -> bool:
    return any(needle in str(getattr(cache, "_cache", "")).lower() for needle in NEEDLES) or bool(
        cache.get("page of a person")
    )


@pytest.fixture
def rich(home: Any, client: Client, editor: User) -> people.Rich:
    """A person who is shown everywhere, also in the admin's own records."""
    made = people.build(client)
    canary = people.CANARY
    talk = Interview.objects.get()
    InterviewContributor.objects.create(
        interview=talk, person=made.person, role="patient", speaker=people.NAME, private_names=canary
    )
    Interview.objects.filter(pk=talk.pk).update(title=f"Interview with {canary}", notes=canary)
    Consent.objects.filter(pk=made.consent.pk).update(
        material=f"The recording of {canary}", witness=canary, capacity=canary
    )
    made.consent.refresh_from_db()
    made.consent.signature.save(f"{canary}.txt", ContentFile(f"{canary} agrees".encode()))
    Person.objects.filter(pk=made.person.pk).update(notes=canary, contact=canary, private_words=canary)
    link = ApprovalLink.objects.create(
        page=made.story,
        person=made.person,
        content_hash="x",
        token_hash="y",
        expires_at=made.consent.created_at,
    )
    ApprovalNote.objects.create(link=link, part="title", passage=canary, text=f"Not {canary}, please")
    Approval.objects.create(
        page=made.story, person=made.person, link=link, answer="change", content_hash="x", message=canary
    )
    log(
        instance=made.story, action="wagtail.edit", user=editor, title=canary, data={"title": {"old": canary}}
    )
    trail.record(
        by=OFFICER, action="consent.changed", thing=made.consent, person=made.person.pk, reason=canary
    )
    session = SessionStore()
    request: Any = type("Request", (), {"session": session})()
    session["_messages"] = SessionStorage(request).serialize_messages(
        [Message(25, f"Page {canary} published")]
    )
    session.save()
    DBTaskResult.objects.create(
        status="FAILED", args_kwargs={"args": [], "kwargs": {}}, task_path="x", backend_name="default",
        exception_class_path="", traceback=f"ValueError: {canary}", worker_ids=[], return_value=None,
        queue_name="default", enqueued_at=made.consent.created_at, finished_at=made.consent.created_at,
        run_after=made.consent.created_at,
    )  # fmt: skip
    cache.set("page of a person", canary)
    return made


def exported_bytes(person: Person, by: Actor) -> bytes:
    """Return the ZIP of everything recorded about a person."""
    buffer = io.BytesIO()
    export(person=person, to=buffer, by=by)
    return buffer.getvalue()


def read(archive: bytes) -> tuple[dict[str, str], dict[str, bytes]]:
    """Of an export: the words of each kind of record, and the files by name."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert opened.testzip() is None
        data = {
            name.removeprefix("data/").removesuffix(".json"): opened.read(name).decode()
            for name in opened.namelist()
            if name.startswith("data/")
        }
        return data, {name: opened.read(name) for name in opened.namelist() if name.startswith("files/")}


def label_of(table: str) -> str:
    """The model of a table, as the export names it."""
    from django.apps import apps

    names = {model._meta.db_table: model._meta.label for model in apps.get_models(include_auto_created=True)}
    return names.get(table, table)


def test_nothing_is_left_of_an_erased_person(rich: people.Rich, mailoutbox: list[Any]) -> None:
    before, told = tables(), files_that_tell()
    assert len(before) > 15
    assert told
    assert in_cache()
    data, exported = read(exported_bytes(rich.person, OFFICER))

    # The export and the search agree on what is held.
    outside = {"django_session", "django_tasks_database_dbtaskresult"}
    indexes = {label for label in map(label_of, before) if label in DERIVED or "search" in label.lower()}
    missing = [
        label
        for table in before
        if table not in outside
        and (label := label_of(table)) not in indexes
        and label.lower() not in data
        # The home page is the site's own; that it quotes them is in the story's records.
        and not label.startswith(("pages.", "wagtailcore.Page"))
    ]
    assert not missing, f"held, but not given out: {missing}"
    contents = set(exported.values())
    originals = {path for path, content in files() if str(path) in told and content not in contents}
    public = Path(settings.MEDIA_ROOT)
    assert {path for path in originals if public not in path.parents} == set()

    mailoutbox.clear()
    withdrawal = erase_person(person=rich.person, by=OFFICER)
    assert {step.surface: step.get_state_display() for step in withdrawal.steps.all()} == {
        step.surface: "Gone and checked" for step in withdrawal.steps.all()
    }
    assert withdrawal.finished_at is not None
    assert tables() == {}
    assert files_that_tell() == []
    assert not in_cache()
    assert not any(needle in str(mail.message()).lower() for mail in mailoutbox for needle in NEEDLES)
    assert list(trail.broken()) == []
    assert AuditEntry.objects.filter(action="person.erased", person_number=rich.person.pk).exists()
    person = Person.objects.get(pk=rich.person.pk)
    assert person.erased_at is not None
    assert Client().get(rich.other.url).status_code == 200


def test_addresses_of_an_erased_person_say_that_they_are_gone(rich: people.Rich, client: Client) -> None:
    erase_person(person=rich.person, by=OFFICER)
    for kind in ("page", "old slug", "alias", "rendition", "clip", "document file", "video", "PDF"):
        for url in rich.kinds[kind]:
            answer = client.get(url)
            assert answer.status_code == 410, (kind, url)
            said = answer.getvalue().decode(errors="replace").lower()
            assert not any(needle in said for needle in NEEDLES)


def test_what_was_erased_cannot_be_uploaded_again(rich: people.Rich, editor: User) -> None:
    erase_person(person=rich.person, by=OFFICER)
    with pytest.raises(ValidationError, match="was erased"):
        make.PictureFactory(title="Again", file=make.png(800, 600, "crimson"))
    with pytest.raises(ValidationError, match="was erased"):
        make.DocumentFactory(
            title="Again",
            file=ContentFile(make.PDF + f"% {people.CANARY}\n".encode(), name="another name.pdf"),
        )
    assert make.PictureFactory(file=make.png(99, 99, "crimson")).pk  # another person's


def test_people_who_come_back_with_a_backup_are_erased_again(home: Any) -> None:
    person = make.consenting(private_name="Quentina Secretson", display_name=people.NAME)
    made_at = person.created_at
    erase_person(person=person, by=OFFICER)
    # What a restored backup brings: the row as it was, without any tombstone.
    Consent.objects.all().delete()
    from withdrawal.models import Tombstone, Withdrawal

    Withdrawal.objects.all().delete()
    Tombstone.objects.all().delete()
    Person.objects.filter(pk=person.pk).delete()
    back = Person.objects.create(pk=person.pk, private_name="Quentina Secretson", display_name=people.NAME)
    Person.objects.filter(pk=back.pk).update(created_at=made_at)
    other = make.PersonFactory()
    assert erase_returned_people(by=OFFICER) == [person.pk]
    assert Person.objects.get(pk=person.pk).private_name == "—"
    assert Person.objects.get(pk=other.pk).erased_at is None
    assert Tombstone.objects.filter(kind="person").exists()
    assert erase_returned_people(by=OFFICER) == []


def test_a_cut_off_line_of_the_record_is_passed_over(home: Any) -> None:
    erase_person(person=make.consenting(), by=OFFICER)
    path = Path(settings.ERASURES_FILE)
    whole = path.read_text()
    path.write_text(whole + '{"kind": "person", "ha')
    assert list(tombstones.in_file())
    path.write_text(whole)


def test_others_keep_what_is_theirs(home: Any, editor: User) -> None:
    person, other = make.consenting(display_name="One"), make.consenting(display_name="Other")
    shared = make.PictureFactory(title="A rail")
    mine = make.StoryPageFactory(person=person, picture=shared)
    theirs = make.StoryPageFactory(person=other, picture=shared, patient_name="Other")
    erase_person(person=person, by=OFFICER)
    assert Picture.objects.filter(pk=shared.pk).exists()
    assert Client().get(theirs.url).status_code == 200
    assert not type(mine).objects.filter(pk=mine.pk).exists()
    assert Consent.objects.in_force().filter(person=other).exists()


def test_the_commands_export_and_erase(home: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    person = make.consenting(private_name="Quentina Secretson")
    make.StoryPageFactory(person=person)
    out = tmp_path / "person.zip"
    call_command("export_person", str(person.pk), str(out))
    assert out.stat().st_mode & 0o077 == 0
    data, _files = read(out.read_bytes())
    assert "Quentina Secretson" in data["consent.person"]
    with pytest.raises(CommandError, match="exists"):
        call_command("export_person", str(person.pk), str(out))
    call_command("erase_person", str(person.pk))
    assert Person.objects.get(pk=person.pk).private_name == "Quentina Secretson"
    capsys.readouterr()
    call_command("erase_person", str(person.pk), "--yes", "--json")
    receipt = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    assert receipt["person"] == person.pk
    assert all(step["state"] == "done" for step in receipt["steps"])
    assert Person.objects.get(pk=person.pk).private_name == "—"
    with pytest.raises(CommandError, match="no person"):
        call_command("erase_person", "987654", "--yes")


def test_an_erasure_removes_stored_pages_with_an_earlier_alternative_text(home: Any) -> None:
    """They are never sent, but would lie in the database until they are made again."""
    picture: Any = make.PictureFactory(title="A rail", alt_text="Zorabel at the rail, in her own words.")
    page = make.StandardPageFactory(title="How we make stories")
    keys = {f"media.picture:{picture.pk}": 0}
    kept: dict[str, Any] = {"page": page, "body": b"", "until": timezone.now() + timedelta(hours=1)}
    old = StoredPage.objects.create(address_hash="a", keys=keys, version=change_log.now(), **kept)
    picture.alt_text = "A rail."
    picture.save()
    current = StoredPage.objects.create(address_hash="b", keys={}, version=change_log.now(), **kept)
    erase_person(person=make.consenting(), by=OFFICER)
    assert list(StoredPage.objects.values_list("pk", flat=True)) == [current.pk]
    assert old.pk != current.pk
