"""Interviews in the admin: few steps from two files to the workbench, the list, and permissions."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from consent.models import Person
from interviews.models import (
    Cue,
    Interview,
    InterviewContributor,
    InterviewState,
    Topic,
    Transcript,
)
from media.storage import private_storage
from tests.interviews.admin_pages import (
    ADD,
    LIST,
    VTT,
    form,
    import_url,
    inputs,
    kept_uploads,
    one,
    page,
    text,
    transcribed,
    uploaded,
)
from tests.interviews.sounds import tone

if TYPE_CHECKING:
    from django.test import Client


@pytest.fixture(autouse=True)
def no_uploads_from_before() -> None:
    for path in kept_uploads():
        private_storage().delete(f"imports/{path}")


@pytest.fixture
def interview(db: None) -> Interview:
    return Interview.objects.create(title="Marta on the year after")


# From two files to the workbench


def test_from_two_files_to_the_workbench_in_two_steps(editor_client: Client, editor: User) -> None:
    response = editor_client.post(
        ADD, form(recording=uploaded(tone(), "Anna Schmidt.mp3"), transcript_files=uploaded())
    )
    interview = Interview.objects.get()
    assert response["Location"] == import_url(interview)
    assert (interview.recording_kind, interview.editor) == ("audio", None)
    assert not Cue.objects.exists()
    shown = editor_client.get(import_url(interview))
    assert "Nothing is stored yet." in text(shown)
    response = editor_client.post(
        import_url(interview), {**inputs(shown), "name-1": "  Marta ", "role-1": "parent", "import": "1"}
    )
    assert response["Location"] == reverse("interviews_workbench", args=[interview.pk])
    assert [cue.speaker for cue in interview.cues.all()] == ["Interviewer", "Marta"] * 2
    assert set(InterviewContributor.objects.values_list("speaker", "role")) == {
        ("Interviewer", "interviewer"),
        ("Marta", "parent"),
    }
    transcript = Transcript.objects.get()
    assert (transcript.imported_by, len(transcript.unused)) == (editor, 1)
    assert transcript.source.read().decode() == VTT
    assert kept_uploads() == []
    interview.refresh_from_db()
    assert interview.state == InterviewState.TRANSCRIBED


def test_the_new_form_proposes_its_editor_and_takes_both_files(editor_client: Client, editor: User) -> None:
    soup = page(editor_client.get(ADD))
    assert one(soup, "select[name=editor] option[selected]")["value"] == str(editor.pk)
    assert soup.select_one("form[enctype='multipart/form-data'] input[name=recording][type=file]")
    assert soup.select_one("input[name=transcript_files][multiple]")
    assert "autosave" not in str(one(soup, "form[data-edit-form]")["data-controller"])


def test_peaks_are_made_once_the_interview_is_saved(
    editor_client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        editor_client.post(ADD, form(recording=uploaded(tone(), "a.mp3")))
    assert len(Interview.objects.get().peaks) > 900


def test_a_refused_recording_keeps_the_form(editor_client: Client) -> None:
    response = editor_client.post(ADD, form(recording=uploaded("no sound", "call.mp3"), notes="Ask again."))
    assert "“call.mp3” cannot be used." in text(response)
    assert one(page(response), "[name=title]")["value"] == "Marta on the year after"
    assert "Ask again." in one(page(response), "[name=notes]").get_text()
    assert not Interview.objects.exists()


def test_a_wrong_transcript_does_not_cost_the_recording(editor_client: Client) -> None:
    editor_client.post(
        ADD, form(recording=uploaded(tone(), "a.mp3"), transcript_files=uploaded(tone(), "b.vtt"))
    )
    interview = Interview.objects.get()
    response = editor_client.get(import_url(interview))
    assert "“b.vtt”: The file is not text." in text(response)
    assert page(response).select_one("main form input[type=file][name=transcript]")
    assert interview.recording
    assert kept_uploads() == []


def test_changing_an_interview_keeps_or_replaces_or_removes_its_recording(
    editor_client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    editor_client.post(ADD, form(recording=uploaded(tone(), "a.mp3")))
    interview = Interview.objects.get()
    edit = f"/admin/interviews/edit/{interview.pk}/"
    soup = page(editor_client.get(edit))
    assert "a.mp3" in one(soup, "label[for=recording-clear_id]").parent.get_text()
    assert soup.select_one("[name=transcript_files]") is None
    first, storage = interview.recording.name, interview.recording.storage

    def save(**fields: Any) -> Interview:
        with django_capture_on_commit_callbacks(execute=True):
            assert editor_client.post(edit, form(**fields)).status_code == 302
        return Interview.objects.get()

    assert save(title="Other").recording.name == first
    second = save(recording=uploaded(tone(1.0), "b.mp3"))
    assert (round(second.duration or 0), storage.exists(first or "")) == (1, False)
    third = save(**{"recording-clear": "on"})
    assert (third.recording.name, third.recording_kind, third.duration, third.peaks) == ("", "", None, [])
    assert not storage.exists(second.recording.name or "")


# The list


def rows(response: Any) -> list[str]:
    return [" ".join(row.get_text(" ").split()) for row in page(response).select("table.listing tbody tr")]


def test_the_list_tells_how_each_stands_and_leads_to_the_next_step(
    editor_client: Client, editor: User
) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=12), tick=False):
        first = Interview.objects.create(title="First", editor=editor)
    second = transcribed("Second")
    InterviewContributor.objects.create(interview=second)
    response = editor_client.get(LIST)
    second_row, first_row = rows(response)
    for words in ("Second", "Transcribed", "Mark excerpts", " 1 "):
        assert words in second_row
    for words in ("First", "Received", "Import the transcript", " 12 ", "editor"):
        assert words in first_row
    links = {a["href"] for a in page(response).select("table.listing a")}
    assert {import_url(first), reverse("interviews_workbench", args=[second.pk])} <= links


def test_the_list_is_filtered_and_searched(editor_client: Client, editor: User) -> None:
    Interview.objects.create(title="Marta", language="en", editor=editor)
    Interview.objects.create(title="Olga", language="ru")
    Interview.objects.create(title="Done", state=InterviewState.PUBLISHED)
    for query, titles in (
        ("state=received", {"Marta", "Olga"}),
        ("state=received&state=published", {"Marta", "Olga", "Done"}),
        ("language=ru", {"Olga"}),
        (f"editor={editor.pk}", {"Marta"}),
        ("q=mart", {"Marta"}),
        ("q=unknown", set()),
    ):
        found = " ".join(rows(editor_client.get(f"{LIST}?{query}")))
        assert {title for title in ("Marta", "Olga", "Done") if title in found} == titles, query


def test_the_list_asks_no_more_for_more_interviews(editor_client: Client, editor: User) -> None:
    def make(number: int) -> None:
        for _one in range(number):
            InterviewContributor.objects.create(interview=Interview.objects.create(title="x", editor=editor))

    counts = []
    for number in (2, 20):
        make(number)
        editor_client.get(LIST)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            editor_client.get(LIST)
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 1


# People and topics


def test_a_person_is_chosen_or_made_for_a_contributor(editor_client: Client, interview: Interview) -> None:
    choosing = editor_client.get(reverse("wagtailsnippetchoosers_consent_person:choose"))
    assert "private_name" in choosing.json()["html"]
    made = editor_client.post(
        reverse("wagtailsnippetchoosers_consent_person:create"),
        {"display_name": "Marta", "private_name": "Anna Schmidt"},
    )
    assert made.json()["step"] == "chosen", made.json()
    person = Person.objects.get()
    saved = editor_client.post(
        f"/admin/interviews/edit/{interview.pk}/",
        form(
            **{
                "contributors-TOTAL_FORMS": 1,
                "contributors-0-role": "parent",
                "contributors-0-person": person.pk,
                "contributors-0-private_names": "Anna\nInes",
                "contributors-0-ORDER": 1,
            }
        ),
    )
    assert saved.status_code == 302
    assert Interview.objects.get().contributors.get().names == ["Anna", "Ines", "Anna Schmidt"]


def test_a_topic_gets_its_slug(editor_client: Client) -> None:
    add = reverse(Topic.snippet_viewset.get_url_name("add"))  # type: ignore[attr-defined]
    for name in ("Side effects", "Side-effects", "費用"):
        assert editor_client.post(add, {"name": name}).status_code == 302
    assert set(Topic.objects.values_list("slug", flat=True)) == {"side-effects", "side-effects-2", "topic"}


# Permissions


@pytest.fixture
def stranger(client: Client, db: None) -> Client:
    """Return a client of a user who may edit people but not interviews."""
    user = User.objects.create_user("stranger", password="x")
    user.user_permissions.set(
        Permission.objects.filter(codename__in=["access_admin", "change_person", "view_person"])
    )
    client.force_login(user)
    return client


def test_who_has_no_permission_meets_no_interview(stranger: Client) -> None:
    interview = transcribed("Secret title")
    home = stranger.get("/admin/")
    assert home.status_code == 200
    assert b"/admin/interviews/" not in home.content
    addresses = [
        LIST,
        ADD,
        f"{LIST}results/",
        *(f"{LIST}{view}/{interview.pk}/" for view in ("edit", "delete", "usage", "history")),
        import_url(interview),
        import_url(Interview(pk=999_999)),
        reverse("interviews_workbench", args=[interview.pk]),
        *(
            reverse(f"wagtailsnippetchoosers_interviews_{model}:{view}", args=args)
            for model in ("interview", "topic")
            for view, args in (("choose", []), ("choose_results", []), ("chosen", [interview.pk]))
        ),
    ]
    for address in addresses:
        response = stranger.get(address)
        assert response.status_code in {302, 403, 404}, address
        assert b"Secret" not in response.content
        if response.status_code == 302:
            assert response["Location"] == "/admin/", address
    assert stranger.post(import_url(interview), {"transcript": uploaded()}).status_code == 302
    assert kept_uploads() == []
    for address in ("/admin/reports/site-history/", "/admin/search/?q=Secret"):
        assert b"Secret title" not in stranger.get(address, follow=True).content


def test_who_may_only_look_is_not_led_to_what_changes(client: Client, db: None) -> None:
    interview = transcribed()
    user = User.objects.create_user("reader", password="x")
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_interview"]))
    client.force_login(user)
    response = client.get(LIST)
    assert "Mark excerpts" in text(response)
    assert reverse("interviews_workbench", args=[interview.pk]).encode() not in response.content
    assert client.get(import_url(interview)).status_code == 302
    assert client.get(f"{LIST}edit/{interview.pk}/").status_code == 302


def test_visitors_find_nothing_of_it(client: Client, home: Any) -> None:
    interview = transcribed("Secretword")
    for address in (LIST, ADD, import_url(interview)):
        assert client.get(address)["Location"].startswith("/admin/login/")
    found = client.get("/search/", {"q": "Secretword stairs"})
    assert found.status_code == 200
    assert not re.search(r"herself|/admin/|interviews/", found.content.decode())
    for address in (
        f"/interviews/{interview.pk}/",
        "/api/v2/pages/",
        "/api/v2/interviews/",
        f"/files/{interview.transcript.source.name}",
    ):
        assert client.get(address).status_code == 404, address
    with pytest.raises(NoReverseMatch):
        reverse("wagtailapi:pages:listing")
