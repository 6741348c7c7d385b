"""Rows of a file of consents are recorded together, as if each had been recorded alone."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageLogEntry

from audit import trail
from audit.actors import Actor
from audit.models import AuditEntry
from consent.models import Consent, ConsentForm, Person
from consent.together import Recording
from experiences.models import StoryPage
from importing.consents import BATCH, Recorder
from importing.models import ImportedConsent, ImportedPerson
from importing.records import Row
from importing.report import Line
from importing.stories import read_stories
from interviews.models import Interview
from publication.linking import link
from publication.models import PageDependency
from tests import factories as make
from tests.importing import archives
from tests.importing.archives import draft_of, imported
from tests.importing.test_bulk import rows_of

pytestmark = pytest.mark.django_db
BY = Actor.system("record_consents")


@pytest.fixture(autouse=True)
def form(db: None) -> ConsentForm:
    archives.vocabulary()
    form: ConsentForm = ConsentForm.objects.create(name="Patient story", version="2026-01", text="I agree.")
    return form


def take_in(folder: Path, *numbers: int, **more: Any) -> None:
    rows = [archives.a_row(number, **more) for number in numbers]
    archives.take_in(archives.json_lines(folder / f"{numbers[0]}.jsonl", rows))


def a_consent(number: int, **more: Any) -> dict[str, Any]:
    return {
        "story": f"s{number}",
        "name": f"Person Secretson{number}",
        "uses": "text; quotes",
        "given_on": "2026-03-01",
        "understood": "yes",
        **more,
    }


def record(cells: Sequence[dict[str, Any]], folder: Path = Path(), **options: Any) -> list[Line]:
    recorder = Recorder(
        source="archive", folder=folder, by=options.pop("by", BY), form=ConsentForm.objects.get(), **options
    )
    return recorder.lines([Row(f"line {number}", row) for number, row in enumerate(cells, start=2)])


def actions(lines: Sequence[Line]) -> list[str]:
    return [line.action for line in lines]


def stored_files() -> list[Path]:
    """The signed forms in the storage of private files."""
    return [path for path in Path(storages["private"].path("consents")).rglob("*") if path.is_file()]


# Drafts -----------------------------------------------------------------------------------------------------


def as_an_editor(page: StoryPage, person: Person, user: Any) -> None:
    """Link a draft as the editor and a save of the page do."""
    draft: Any = page.get_latest_revision_as_object()
    draft.person = person
    draft.save_revision(user=user, clean=False, log_action=True)
    page.person = person
    page.save(update_fields=["person"], clean=False)


def comparable(page: StoryPage) -> dict[str, list[Any]]:
    """Every row that names the page, without its own keys and without what Wagtail reads from the page."""
    rows = rows_of(StoryPage.objects.get(pk=page.pk))
    # Wagtail takes these from the page, whatever the revision says.
    for name in ("latest_revision_created_at", "has_unpublished_changes", "draft_title"):
        rows["content"][0].pop(name)
    rows.pop("django_tasks_database.DBTaskResult", None)
    text = json.dumps(rows, sort_keys=True, default=str)
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "id", text)
    found: dict[str, list[Any]] = json.loads(text)
    return {
        name: sorted(listed, key=lambda row: json.dumps(row, sort_keys=True))
        for name, listed in found.items()
    }


def test_a_linked_story_is_stored_as_if_an_editor_had_linked_it(tmp_path: Path, editor: Any) -> None:
    take_in(tmp_path, 1, 2, title="The stairs")
    person = make.PersonFactory()
    theirs, ours = imported("s1").page, imported("s2").page
    assert theirs is not None
    assert ours is not None
    for page in (theirs, ours):
        draft: Any = page.get_latest_revision_as_object()
        draft.title, draft.lede = "A new title", "Words of an editor."
        draft.save_revision(user=editor)
    as_an_editor(StoryPage.objects.get(pk=theirs.pk), person, editor)
    story = read_stories([ours.pk])[ours.pk]
    assert story.is_plain
    link([(story, person)], editor)
    mine, other = comparable(ours), comparable(theirs)
    assert mine.keys() == other.keys()
    for name, rows in other.items():
        assert mine[name] == rows, name
    assert {"publication.PageDependency", "wagtailcore.ReferenceIndex"} <= other.keys()
    draft = draft_of("s2")
    assert (draft.person, draft.title, draft.lede) == (person, "A new title", "Words of an editor.")
    entry = PageLogEntry.objects.filter(page=ours.pk).latest("pk")
    assert (entry.user, entry.action, entry.revision) == (editor, "wagtail.edit", draft.latest_revision)


def test_a_story_with_pictures_or_an_interview_is_saved_as_an_editor_saves_it(tmp_path: Path) -> None:
    (tmp_path / "stairs.png").write_bytes(make.png().read())
    take_in(
        tmp_path, 1, picture="stairs.png", picture_description="A girl on the stairs, one hand on the rail."
    )
    take_in(tmp_path, 2)
    pictured, talked = imported("s1").page, imported("s2").page
    assert pictured is not None
    assert talked is not None
    other = make.PersonFactory()
    pictured.picture.depictions.create(person=other)
    Interview.objects.create(title="A talk", story=talked)
    stories = read_stories([pictured.pk, talked.pk])
    assert not any(story.is_plain for story in stories.values())
    assert actions(record([a_consent(1), a_consent(2)])) == ["created", "created"]
    for name in ("s1", "s2"):
        page = imported(name).page
        assert page is not None
        assert draft_of(name).person == page.person is not None
    people = PageDependency.objects.filter(page=pictured.pk, person__isnull=False)
    assert set(people.values_list("person", flat=True)) == {other.pk, draft_of("s1").person_id}


def test_a_link_to_a_person_who_was_deleted_is_replaced(tmp_path: Path) -> None:
    take_in(tmp_path, 1)
    page, person = imported("s1").page, make.PersonFactory()
    assert page is not None
    draft: Any = page.get_latest_revision_as_object()
    draft.person = person
    draft.save_revision()
    PageDependency.objects.all().delete()
    person.delete()
    assert actions(record([a_consent(1)])) == ["created"]
    assert draft_of("s1").person.private_name == "Person Secretson1"


# Rows -------------------------------------------------------------------------------------------------------


def test_refused_rows_leave_nothing_behind_and_do_not_stop_the_others(tmp_path: Path) -> None:
    take_in(tmp_path, 1, 2, 3, 4)
    before = len(stored_files())
    (tmp_path / "form.pdf").write_bytes(make.PDF)
    rows = [
        a_consent(1, scan="form.pdf"),
        # Refused after the person and the mother were stored.
        a_consent(
            2, birth_year="2020", signer="mother", signed_by="Marta", assent="refused", scan="form.pdf"
        ),
        a_consent(9),
        a_consent(3, uses="everything"),
        a_consent(4),
    ]
    lines = record(rows, tmp_path)
    assert actions(lines) == ["created", "refused", "refused", "refused", "created"]
    assert [line.place for line in lines] == [f"line {number}" for number in range(2, 7)]
    assert [line.external_id for line in lines] == ["s1", "s2", "s9", "s3", "s4"]
    assert Consent.objects.count() == Person.objects.count() == ImportedPerson.objects.count() == 2
    assert ImportedConsent.objects.count() == len(list(AuditEntry.objects.all())) == 2
    assert len(stored_files()) == before + 1
    assert draft_of("s2").person is None
    assert imported("s2").page is not None
    assert list(trail.broken()) == []


def test_rows_of_one_batch_know_each_other(tmp_path: Path) -> None:
    take_in(tmp_path, 1, 2, 3)
    other = make.PersonFactory()
    rows = [
        a_consent(1, person="P-1", name="Inês Oliveira"),
        a_consent(2, person="P-1", name=""),
        a_consent(1, person="P-1", name="Inês Oliveira"),
        a_consent(1, person="P-1", name="Inês Oliveira", uses="text"),
        a_consent(1, person=f"#{other.pk}", name="", given_on="2026-03-05"),
        a_consent(3),
    ]
    # One consent of a day, person and form.
    rows[1]["given_on"] = "2026-03-02"
    lines = record(rows)
    assert actions(lines) == ["created", "created", "unchanged", "refused", "refused", "created"]
    first = Consent.objects.order_by("pk").first()
    assert first is not None
    assert f"(consent {first.pk})" in lines[3].notes[0]
    assert "is linked to" in lines[4].notes[0]
    assert draft_of("s1").person == draft_of("s2").person == first.person
    assert Person.objects.exclude(pk=other.pk).count() == 2
    assert actions(record(rows)) == ["unchanged"] * 3 + ["refused", "refused", "unchanged"]


def test_one_row_that_the_database_refuses_does_not_stop_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(tmp_path, 1, 2, 3)
    before = len(stored_files())
    (tmp_path / "form.pdf").write_bytes(make.PDF)
    store = Recording.store

    def refuse(self: Any) -> None:
        names = {consent.person.private_name for consent in self._waiting}
        store(self)
        if "Person Secretson2" in names:
            raise IntegrityError("no")

    monkeypatch.setattr(Recording, "store", refuse)
    lines = record([a_consent(number, scan="form.pdf") for number in (1, 2, 3)], tmp_path)
    assert actions(lines) == ["created", "refused", "created"]
    assert lines[1].notes == ("The database refused it: no",)
    assert Person.objects.count() == Consent.objects.count() == ImportedConsent.objects.count() == 2
    # Signed forms that were stored with what was undone are removed.
    assert len(stored_files()) == before + 2
    assert draft_of("s2").person is None
    assert list(trail.broken()) == []


def test_a_dry_run_of_a_batch_stores_no_file(tmp_path: Path) -> None:
    take_in(tmp_path, 1)
    before = len(stored_files())
    (tmp_path / "form.pdf").write_bytes(make.PDF)
    assert actions(record([a_consent(1, scan="form.pdf")], tmp_path, dry_run=True)) == ["created"]
    assert len(stored_files()) == before
    assert not Person.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_signed_form_is_not_checked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    take_in(tmp_path, 1)
    (tmp_path / "form.pdf").write_bytes(make.PDF)
    assert actions(record([a_consent(1, scan="form.pdf")], tmp_path)) == ["created"]
    monkeypatch.setattr("importing.consents.check_scan", lambda _path: pytest.fail("checked"))
    assert actions(record([a_consent(1, scan="form.pdf")], tmp_path)) == ["unchanged"]


def test_each_row_takes_few_queries(tmp_path: Path) -> None:
    numbers = list(range(1, 2 * BATCH + 1))
    take_in(tmp_path, *numbers)
    rows = [a_consent(number) for number in numbers]
    record(rows[:1])  # what a process reads once
    counts = []
    for some in (rows[1:11], rows[11:111]):
        with CaptureQueriesContext(connection) as queries:
            assert set(actions(record(some))) == {"created"}
        counts.append(len(queries))
    # A savepoint, the new person in another, and whether the person and the form exist.
    assert (counts[1] - counts[0]) / 90 < 9, counts
    assert counts[1] / 100 < 10, counts
