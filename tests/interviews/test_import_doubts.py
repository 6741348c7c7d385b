"""The preview says why a transcript may be wrong, and then Import is not the default button."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from interviews.models import Interview, Transcript
from tests.interviews.admin_pages import VTT, import_url, inputs, page, text, transcribed, upload, uploaded
from tests.transcripts.layouts import LAYOUTS

if TYPE_CHECKING:
    from django.test import Client

FRENCH = "Mère: Elle s’est levée, et je ne savais pas où nous étions.\nMédecin: Quand est-ce que vous avez été là ?\n"


@pytest.fixture
def interview(db: None) -> Interview:
    return Interview.objects.create(title="Marta on the year after")


def buttons(response: object) -> list[str]:
    """Return the names of the buttons that send the form, in the order of the page."""
    return [str(button["name"]) for button in page(response).select("main form button[type=submit]")]


def test_without_doubts_import_is_the_default_button(editor_client: Client, interview: Interview) -> None:
    response = upload(editor_client, interview, uploaded())
    assert buttons(response) == ["import", "forget"]
    assert "Import anyway" not in text(response)


@pytest.mark.parametrize(
    ("changes", "data", "says"),
    [
        ({"duration": 4.0}, VTT, "the recording is only 00:04 long"),
        ({"duration": 4.0}, VTT.replace("00:09", "00:10").replace("00:12", "00:14"), "1 of 4 cues start after the end"),
        ({"language": "fr"}, LAYOUTS["zoom.vtt"][0], "seem to be English"),
        ({}, "word " * 300, "one cue of 300 words"),
        ({}, VTT.replace("00:12.000", "00:09.200").replace("00:06.000 --> 00:09", "00:06.000 --> 00:06").replace("And the school", "And the school and the bus and the rest"), "more words than anyone can say"),
    ],
    ids=["longer than the recording", "beyond the recording", "language", "one cue", "too fast"],
)  # fmt: skip
def test_with_doubts_import_is_not_the_default_button(
    editor_client: Client, interview: Interview, changes: dict[str, object], data: bytes | str, says: str
) -> None:
    Interview.objects.update(**changes)
    response = upload(editor_client, interview, uploaded(data, "talk.txt"))
    assert says in text(response)
    assert buttons(response) == ["forget", "import"]
    assert "Import anyway" in text(response)
    editor_client.post(import_url(interview), {**inputs(response), "import": "1"})
    assert Transcript.objects.filter(interview=interview).exists()


def test_a_transcript_of_another_interview_is_doubted(editor_client: Client, db: None) -> None:
    other = transcribed()
    response = upload(editor_client, other, uploaded(LAYOUTS["zoom.vtt"][0]))
    assert "Is this a transcript of another interview?" in text(response)
    assert buttons(response) == ["forget", "import"]


def test_the_language_of_the_interview_helps_to_read_its_letters(
    editor_client: Client, interview: Interview
) -> None:
    Interview.objects.update(language="fr")
    response = upload(editor_client, interview, uploaded(FRENCH.encode("cp1252"), "talk.txt"))
    assert "Mère" in text(response)
    assert "read as CP1252" in text(response)


@pytest.mark.parametrize("name", ["whisper.json", "talk.eaf", "table.xlsx", "meet.docx", "f4.rtf"])
def test_a_format_is_named_and_what_was_left_out_is_listed(
    editor_client: Client, interview: Interview, name: str
) -> None:
    response = upload(editor_client, interview, uploaded(LAYOUTS[name][0], name))
    named = {
        "json": "Whisper (JSON)",
        "eaf": "ELAN",
        "xlsx": "Excel (XLSX)",
        "docx": "Word (DOCX)",
        "rtf": "RTF",
    }
    assert f"Format {named[name.rpartition('.')[2]]}" in text(response)
    assert "Cues 6" in text(response)
    if name == "meet.docx":
        assert "It stands above the first words that are said." in text(response)
    editor_client.post(import_url(interview), {**inputs(response), "import": "1"})
    assert interview.cues.count() == 6
