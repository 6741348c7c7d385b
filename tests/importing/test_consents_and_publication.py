"""From an archive to public pages: consents from a file, a preview, publication of what qualifies."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from wagtail.models import Page

from audit.models import AuditEntry
from consent.models import Consent, ConsentForm, Person
from experiences.models import StoryPage
from importing import publishing
from importing.models import ImportedConsent, ImportedPerson, ImportedStory
from importing.publishing import candidates
from publication.models import Clearance
from tests import factories as make
from tests.importing import archives
from tests.importing.archives import a_row, draft_of, imported, json_lines, take_in
from withdrawal.erasure.services import erase_person

pytestmark = pytest.mark.django_db
HEADINGS = "story,name,uses,given_on,ends_on,channel,scan,understood"


@pytest.fixture(autouse=True)
def form(db: None) -> ConsentForm:
    archives.vocabulary()
    form: ConsentForm = ConsentForm.objects.create(name="Patient story", version="2026-01", text="I agree.")
    return form


def consents(path: Path, *lines: str, headings: str = HEADINGS) -> Path:
    path.write_text("\n".join([headings, *lines]) + "\n", "utf-8")
    return path


def record(path: Path, *options: Any) -> dict[str, Any]:
    return archives.command("record_consents", path, "--source", "archive", *options)


def report_of(path: Path, capsys: Any, *options: Any) -> str:
    try:
        call_command(
            "record_consents", path, "--source", "archive", "--report", path.with_suffix(".out"), *options
        )
    except CommandError as error:
        return str(capsys.readouterr().out) + str(error)
    return str(capsys.readouterr().out)


def plain(number: int, **more: Any) -> dict[str, Any]:
    """A story that needs consent to its text and quotes only, and has nothing that may identify anyone."""
    return a_row(number, **{"patient_name": "Ines", **more})


def test_consents_are_recorded_and_people_linked(tmp_path: Path, editor: User) -> None:
    take_in(json_lines(tmp_path / "a.jsonl", [plain(1), plain(2)]))
    (tmp_path / "scans").mkdir()
    (tmp_path / "scans" / "s1.pdf").write_bytes(make.PDF)
    path = consents(
        tmp_path / "c.csv",
        "s1,Inês Oliveira,text; quotes; translation,2026-03-01,2030-12-31,paper,s1.pdf,yes",
        "s2,Bo Secretson,their story or case in words,01.03.2026,,e-mail,,yes",
    )
    found = record(path, "--scans", tmp_path / "scans", "--by", editor.username)
    assert (found["created"], found["refused"]) == (2, 0)
    first, second = Consent.objects.order_by("pk")
    assert first.uses == {"text", "quotes", "translation"}
    assert second.uses == {"text"}
    assert first.signed_on == dt.date(2026, 3, 1)
    assert first.starts_at.date() == dt.date(2026, 3, 1)
    assert first.until is not None
    assert first.until.date() == dt.date(2031, 1, 1)
    assert "paper" in first.material
    assert first.created_by == editor
    assert first.signature.read() == make.PDF
    assert (first.person.private_name, first.person.display_name) == ("Inês Oliveira", "Ines")
    draft = draft_of("s1")
    assert draft.person == first.person
    page = imported("s1").page
    assert page is not None
    # In the table too, where an erasure looks.
    assert page.person == first.person
    assert not page.live
    assert list(AuditEntry.objects.filter(action="consent.recorded").order_by("pk").values_list("person_number", flat=True)) == [
        first.person_id, second.person_id,
    ]  # fmt: skip
    # The archive does not overwrite the person at the next import.
    assert take_in(json_lines(tmp_path / "a.jsonl", [plain(1, lede="New."), plain(2)])).counts == {
        "changed": 1, "unchanged": 1,
    }  # fmt: skip
    assert draft_of("s1").person == first.person


def test_the_same_file_again_records_nothing(tmp_path: Path) -> None:
    take_in(json_lines(tmp_path / "a.jsonl", [plain(1)]))
    path = consents(tmp_path / "c.csv", "s1,Inês Oliveira,text,2026-03-01,,,,yes")
    record(path)
    before = (Consent.objects.count(), Person.objects.count(), AuditEntry.objects.count())
    assert record(path)["unchanged"] == 1
    assert (
        (Consent.objects.count(), Person.objects.count(), AuditEntry.objects.count()) == before == (1, 1, 1)
    )


def test_a_signed_consent_is_not_changed_by_a_file(tmp_path: Path, capsys: Any) -> None:
    take_in(json_lines(tmp_path / "a.jsonl", [plain(1)]))
    record(consents(tmp_path / "c.csv", "s1,Inês Oliveira,text,2026-03-01,,,,yes"))
    said = report_of(consents(tmp_path / "c.csv", "s1,Inês Oliveira,text; video,2026-03-01,,,,yes"), capsys)
    assert "recorded already" in said
    assert Consent.objects.get().uses == {"text"}


def test_a_dry_run_records_nothing(tmp_path: Path, capsys: Any) -> None:
    take_in(json_lines(tmp_path / "a.jsonl", [plain(1)]))
    path = consents(
        tmp_path / "c.csv", "s1,Inês Oliveira,text,2026-03-01,,,,yes", "s9,Bo,text,2026-03-01,,,,yes"
    )
    said = report_of(path, capsys, "--dry-run")
    assert "Without --dry-run: 1 created" in said
    assert "No story with the id ‘s9’" in said
    assert not Consent.objects.exists()
    assert not Person.objects.exists()
    assert not ImportedConsent.objects.exists()
    assert not ImportedPerson.objects.exists()
    assert draft_of("s1").person is None


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (",Inês,text,2026-03-01,,,,yes", "neither a story nor a person"),
        ("s1,Inês Oliveira,text,,,,,yes", "no date"),
        ("s1,Inês Oliveira,text,03/04/2026,,,,yes", "Write a date like"),
        ("s1,Inês Oliveira,text,2099-01-01,,,,yes", "in the future"),
        ("s1,Inês Oliveira,everything,2026-03-01,,,,yes", "‘uses’ has ‘everything’"),
        ("s1,Inês Oliveira,,2026-03-01,,,,yes", "names no use"),
        ("s1,,text,2026-03-01,,,,yes", "The row has no name"),
        ("s1,Inês Oliveira,text,2026-03-01,,,,no", "understood every point"),
        ("s1,Inês Oliveira,text,2026-03-01,2026-02-01,,,yes", "The end must be later"),
        ("s1,Inês Oliveira,text,2026-03-01,,,missing.pdf,yes", "is not in"),
        ("s1,Inês Oliveira,text,2026-03-01,,,fake.pdf,yes", "damaged or is not"),
    ],
)
def test_a_row_that_is_no_consent_is_refused(tmp_path: Path, capsys: Any, line: str, why: str) -> None:
    take_in(json_lines(tmp_path / "a.jsonl", [plain(1)]))
    (tmp_path / "fake.pdf").write_text("no")
    said = report_of(consents(tmp_path / "c.csv", line), capsys)
    assert why in said
    assert "c.csv, line 2" in said
    assert not Consent.objects.exists()
    assert not Person.objects.exists()


def test_one_person_with_several_stories_and_a_parent_who_signs(tmp_path: Path) -> None:
    take_in(json_lines(tmp_path / "a.jsonl", [plain(1), plain(2)]))
    headings = (
        "story,person,name,birth_date,signer,signed_by,legally_entitled,assent,uses,given_on,understood"
    )
    child = "P-12,Inês Oliveira,2019-05-03,mother,Marta Oliveira,yes,given,text;quotes,2026-03-01,yes"
    path = consents(
        tmp_path / "c.csv", f"s1,{child}", f"s2,{child.replace('03-01', '03-02')}", headings=headings
    )
    assert record(path)["created"] == 2
    assert Person.objects.count() == 2
    person = Person.objects.get(private_name="Inês Oliveira")
    assert {draft_of("s1").person, draft_of("s2").person} == {person}
    assert {consent.guardian.private_name for consent in Consent.objects.all() if consent.guardian} == {
        "Marta Oliveira"
    }
    assert Consent.objects.first().ends_at is not None


def test_a_story_of_another_person_is_refused(tmp_path: Path, capsys: Any) -> None:
    take_in(json_lines(tmp_path / "a.jsonl", [plain(1)]))
    record(consents(tmp_path / "c.csv", "s1,Inês Oliveira,text,2026-03-01,,,,yes"))
    assert "differs" in report_of(consents(tmp_path / "d.csv", "s1,Bo Other,text,2026-04-01,,,,yes"), capsys)
    other = make.PersonFactory()
    path = tmp_path / "e.csv"
    path.write_text(f"story,person,uses,given_on,understood\ns1,#{other.pk},text,2026-04-01,yes\n")
    assert "is linked to" in report_of(path, capsys)


def test_an_erased_person_does_not_come_back(tmp_path: Path, editor: User, capsys: Any) -> None:
    from audit.actors import Actor

    archive = json_lines(tmp_path / "a.jsonl", [plain(1)])
    take_in(archive)
    path = consents(tmp_path / "c.csv", "s1,Inês Oliveira,text,2026-03-01,,,,yes")
    record(path)
    erase_person(person=Person.objects.get(), by=Actor.of(editor))
    assert not StoryPage.objects.exists()
    assert ImportedStory.objects.get().external_id == ""
    assert take_in(archive).counts == {"unchanged": 1}
    report_of(path, capsys)
    report_of(consents(tmp_path / "d.csv", "s1,Inês Oliveira,text,2026-05-01,,,,yes"), capsys)
    assert Person.objects.exclude(erased_at=None).count() == Person.objects.count() == 1
    assert Consent.objects.count() == 1


# Publication ------------------------------------------------------------------------------------------------


def archive_of(tmp_path: Path, number: int, consenting: int) -> None:
    take_in(json_lines(tmp_path / "a.jsonl", [plain(place) for place in range(number)]))
    lines = [f"s{place},Person Secretson{place},text;quotes,2026-03-01,,,,yes" for place in range(consenting)]
    record(consents(tmp_path / "c.csv", *lines))


def test_without_consent_nothing_qualifies_and_the_reasons_are_listed(tmp_path: Path, capsys: Any) -> None:
    archive_of(tmp_path, 2, 1)
    take_in(json_lines(tmp_path / "b.jsonl", [plain(7, conditions=[], patient_name="")]))
    call_command("publish_imported", "--report", tmp_path / "r.csv")
    said = capsys.readouterr().out
    assert "1 qualify, 2 are not ready" in said
    assert "No person is linked" in said
    assert "at least one is needed" in said
    assert "Nothing was published" in said
    assert not StoryPage.objects.filter(live=True).exists()


def test_what_qualifies_is_published_and_the_rest_is_not(
    tmp_path: Path, client: Client, editor: User
) -> None:
    archive_of(tmp_path, 4, 2)
    take_in(json_lines(tmp_path / "b.jsonl", [plain(9, title="Of another archive")]), source="other")
    found = archives.command("publish_imported", "--publish", "--source", "archive", "--by", editor.username)
    assert (found["published"], found["not ready"]) == (2, 2)
    live = StoryPage.objects.filter(live=True).order_by("pk")
    assert [page.imported_story.external_id for page in live] == ["s0", "s1"]
    assert Clearance.objects.count() == 2
    assert client.get(live[0].url).status_code == 200
    assert live[0].live_revision is not None
    # The next run goes on with the rest, and an unpublished story is not published again.
    live[1].unpublish()
    again = archives.command("publish_imported", "--publish", "--source", "archive")
    assert (again["published"], again["not ready"]) == (0, 2)


def test_a_story_with_a_conflict_a_lock_or_a_workflow_is_left_alone(tmp_path: Path) -> None:
    archive_of(tmp_path, 3, 3)
    draft = draft_of("s0")
    draft.lede = "The editor's words."
    draft.save_revision()
    take_in(json_lines(tmp_path / "a.jsonl", [plain(0, lede="The archive's.")]))
    Page.objects.filter(pk=imported("s1").page_id).update(locked=True)
    found = {one.external_id: one for one in candidates(publish=True)}
    assert "another version" in found["s0"].reasons[0]
    assert "locked" in found["s1"].reasons[0]
    assert found["s2"].is_published


def test_the_gate_is_asked_again_when_it_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even if the preview were wrong, a page without consent is not published, and the others are."""
    archive_of(tmp_path, 3, 2)
    real = publishing._candidate

    def blind(draft: Any, lookup: Any, **kwargs: Any) -> Any:
        seen = real(draft, lookup, **kwargs)
        return publishing.Candidate(seen.page, seen.external_id, seen.title)

    monkeypatch.setattr(publishing, "_candidate", blind)
    found = {one.external_id: one for one in candidates(publish=True)}
    assert [found[f"s{number}"].is_published for number in range(3)] == [True, True, False]
    assert found["s2"].reasons
    assert StoryPage.objects.filter(live=True).count() == 2


def test_consents_of_a_batch_are_read_once_for_the_preview(tmp_path: Path) -> None:
    from django.test.utils import CaptureQueriesContext

    archive_of(tmp_path, 6, 6)
    with CaptureQueriesContext(connection) as queries:
        list(candidates())
    assert sum('FROM "consent_consent"' in query["sql"] for query in queries) == 1


def test_consent_that_is_recorded_does_not_publish(tmp_path: Path) -> None:
    archive_of(tmp_path, 1, 1)
    assert not StoryPage.objects.filter(live=True).exists()
