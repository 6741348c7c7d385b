"""The import screen: a preview that stores nothing, and a correction that loses nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from interviews.models import (
    Cue,
    Excerpt,
    Interview,
    InterviewContributor,
    Transcript,
)
from media.storage import private_storage
from tests.interviews.admin_pages import (
    LIST,
    VTT,
    import_url,
    inputs,
    kept_uploads,
    marked,
    one,
    page,
    text,
    transcribed,
    upload,
    uploaded,
)

if TYPE_CHECKING:
    from django.test import Client


@pytest.fixture(autouse=True)
def no_uploads_from_before() -> None:
    for path in kept_uploads():
        private_storage().delete(f"imports/{path}")


@pytest.fixture
def interview(db: None) -> Interview:
    return Interview.objects.create(title="Marta on the year after")


# The preview


def test_the_preview_shows_what_was_read_and_stores_nothing(
    editor_client: Client, interview: Interview
) -> None:
    response = upload(editor_client, interview, uploaded())
    said = text(response)
    for words in ("WebVTT", "Cues 4", "00:12", "She has two friends there & a dog nearby.", "marta.vtt"):
        assert words in said
    unused = page(response).select("[aria-labelledby=unused-title] tbody tr")
    assert [row.select("td")[0].get_text() for row in unused] == ["15"]
    assert "00:99:99 --> broken" in unused[0].get_text()
    given = inputs(response)
    assert (given["name-0"], given["name-1"]) == ("Interviewer", "Speaker 2")
    assert (given["role-0"], given["role-1"]) == ("interviewer", "patient")
    assert not Cue.objects.exists()
    assert not Transcript.objects.exists()
    assert not InterviewContributor.objects.exists()
    # A reload shows it again: the file is kept.
    assert "Cues 4" in text(editor_client.get(import_url(interview)))


def test_another_file_can_be_chosen(editor_client: Client, interview: Interview) -> None:
    response = upload(editor_client, interview, uploaded())
    assert len(kept_uploads()) == 1
    response = editor_client.post(import_url(interview), {**inputs(response), "forget": "1"}, follow=True)
    assert page(response).select_one("input[type=file][name=transcript]")
    assert kept_uploads() == []


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "not text"),
        (b"PK\x03\x04 no word file", "DOCX"),
        (b"WEBVTT\n\n", "No words"),
    ],
)
def test_a_wrong_file_gets_a_sentence_and_the_form_again(
    editor_client: Client, interview: Interview, data: bytes, message: str
) -> None:
    response = upload(editor_client, interview, uploaded(data, "what is this.vtt"))
    soup = page(response)
    assert message in soup.get_text()
    assert soup.select_one("input[type=file][name=transcript]")
    assert not Cue.objects.exists()
    assert kept_uploads() == []


def test_no_file_and_too_many_are_refused(editor_client: Client, interview: Interview) -> None:
    assert "This field is required." in text(upload(editor_client, interview))
    many = [uploaded(name=f"{number}.vtt") for number in range(9)]
    assert "at most 8" in text(upload(editor_client, interview, *many))


def test_words_of_a_file_are_shown_as_words(editor_client: Client, interview: Interview) -> None:
    script = "Interviewer: <script>alert(1)</script> how?\n<img src=x onerror=alert(2)>: hm\n"
    response = upload(editor_client, interview, uploaded(script, "<b>a.txt"))
    assert b"<script>alert" not in response.content
    assert b"<img src=x" not in response.content


def test_two_textgrids_make_one_transcript(editor_client: Client, interview: Interview) -> None:
    def grid(words: str, start: float) -> str:
        return (
            'File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0\nxmax = 9\ntiers? <exists>\nsize = 1\n'
            'item []:\n    item [1]:\n        class = "IntervalTier"\n        name = "speech"\n        xmin = 0\n'
            f"        xmax = 9\n        intervals: size = 1\n        intervals [1]:\n            xmin = {start}\n"
            f'            xmax = {start + 1}\n            text = "{words}"\n'
        )

    response = upload(
        editor_client,
        interview,
        uploaded(grid("she walks", 3), "mother.TextGrid"),
        uploaded(grid("and now?", 1), "doctor.TextGrid"),
    )
    editor_client.post(import_url(interview), {**inputs(response), "import": "1"})
    assert [cue.text for cue in interview.cues.all()] == ["and now?", "she walks"]
    assert Transcript.objects.get().source.name.endswith(".zip")


def test_an_upload_of_another_tab_is_not_imported_by_mistake(
    editor_client: Client, interview: Interview
) -> None:
    first = inputs(upload(editor_client, interview, uploaded()))
    upload(editor_client, interview, uploaded("Mother: something else.", "other.txt"))
    response = editor_client.post(import_url(interview), {**first, "import": "1"}, follow=True)
    assert "Another file has been uploaded" in text(response)
    assert not Cue.objects.exists()


def test_an_upload_that_is_gone_is_asked_for_again(editor_client: Client, interview: Interview) -> None:
    given = inputs(upload(editor_client, interview, uploaded()))
    for path in kept_uploads():
        private_storage().delete(f"imports/{path}")
    response = editor_client.post(import_url(interview), {**given, "import": "1"}, follow=True)
    assert "Choose it again" in text(response)
    assert not Cue.objects.exists()


def test_uploads_that_nobody_imported_are_swept_away(editor_client: Client, interview: Interview) -> None:
    upload(editor_client, interview, uploaded(name="forgotten.vtt"))
    editor_client.session.flush()
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        other = Interview.objects.create(title="Other")
        editor_client.force_login(User.objects.get())
        upload(editor_client, other, uploaded(name="fresh.vtt"))
        assert [name.rpartition("-")[2] for name in kept_uploads()] == ["fresh.vtt"]


def test_a_transcript_longer_than_its_recording_is_pointed_out(
    editor_client: Client, interview: Interview
) -> None:
    Interview.objects.update(duration=4.0)
    assert "ends at 00:12, but the recording is only 00:04 long" in text(
        upload(editor_client, interview, uploaded())
    )


# A corrected transcript

CORRECTED = (
    VTT.replace("She went up by herself.", "She climbed them alone.")
    .replace("& a dog <i>nearby</i>.", ".")
    .replace("And the school?", "And at school?")
)


def test_a_correction_shows_what_would_change_before_it_does(editor_client: Client, editor: User) -> None:
    interview = transcribed()
    kept, lost = marked(interview, 3, editor), marked(interview, 1, editor)
    Excerpt.objects.filter(pk=lost.pk).update(text="She went up alone.")
    gone = CORRECTED.replace(
        "Um, with the stairs. She climbed them alone.", "It began at Christmas, I think."
    )
    response = upload(editor_client, interview, uploaded(gone))
    soup = page(response)
    facts = {dt.get_text(): dt.find_next("dd").get_text() for dt in soup.select("dl.interview-facts dt")}
    assert facts["Excerpts that keep their place"] == "1"
    assert facts["Excerpts without a place"] == "1"
    assert lost.verbatim in one(soup, "[aria-labelledby=lost-title]").get_text()
    assert "And the school?" in one(soup, "del").parent.parent.parent.get_text()
    assert interview.cues.get(position=2).text == "And the school?"
    assert Excerpt.objects.filter(placed=True).count() == 2

    response = editor_client.post(import_url(interview), {**inputs(response), "import": "1"}, follow=False)
    assert response["Location"] == reverse("interviews_workbench", args=[interview.pk])
    kept.refresh_from_db()
    lost.refresh_from_db()
    assert (kept.placed, lost.placed, lost.text) == (True, False, "She went up alone.")
    soup = page(editor_client.get(f"/admin/interviews/edit/{interview.pk}/"))
    listed = soup.select_one(".interview-progress li#lost-1")
    assert lost.verbatim in listed.get_text()
    workbench = reverse("interviews_workbench", args=[interview.pk])
    assert one(listed, "a")["href"] == f"{workbench}#excerpt-{lost.pk}"
    assert "Place 1 excerpt again" in text(editor_client.get(LIST))


def test_an_excerpt_made_after_the_preview_is_shown_again(editor_client: Client, editor: User) -> None:
    interview = transcribed()
    gone = VTT.replace("Um, with the stairs. She went up by herself.", "It began at Christmas, I think.")
    response = upload(editor_client, interview, uploaded(gone))
    excerpt = marked(interview, 1, editor)
    response = editor_client.post(
        import_url(interview), {**inputs(response), "name-0": "Jo", "import": "1"}, follow=True
    )
    assert "Another editor has changed this interview" in text(response)
    assert excerpt.verbatim in text(response)
    assert inputs(response)["name-0"] == "Jo"
    assert "Christmas" not in interview.cues.get(position=1).text
    editor_client.post(import_url(interview), {**inputs(response), "import": "1"})
    assert "Christmas" in interview.cues.get(position=1).text


def test_another_interview_s_transcript_is_suspected(editor_client: Client) -> None:
    interview = transcribed()
    other = "Nurse: Please sit down here.\nMan: Where did I put my spectacles this morning?\n"
    assert "Is this a transcript of another interview?" in text(
        upload(editor_client, interview, uploaded(other, "b.txt"))
    )
