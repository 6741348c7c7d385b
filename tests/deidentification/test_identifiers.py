"""Words that may identify a person stop publication until an editor fixes them or decides to keep them."""

from __future__ import annotations

import io
from typing import Any

import pypdf
import pytest
from django.core.files.base import ContentFile
from PIL import Image

from audit.actors import Actor
from audit.models import AuditEntry
from deidentification import identifier_rule, services
from deidentification.models import KeptIdentifier
from deidentification.page_text import _metadata
from documents.reading.files import read
from publication import gate
from publication.drafts import draft_of
from publication.reasons import Why
from tests.approval.approving import AFTER, story
from tests.factories import (
    PDF,
    CaptionTrackFactory,
    DocumentFactory,
    PersonFactory,
    PictureFactory,
    RecordingFactory,
    consent,
    consenting,
)
from uploads.errors import EditorError

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


def found(page: Any) -> list[tuple[str, str, str]]:
    return [
        (one.finding.kind, one.finding.text, one.passage.part)
        for one in identifier_rule.open_findings(draft_of(page))
    ]


def text(words: str) -> list[dict[str, Any]]:
    return [{"type": "text", "id": AFTER, "value": f"<p>{words}</p>"}]


def test_a_plain_story_has_nothing(home: Any) -> None:
    assert found(story()) == []


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"title": "We live in Setúbal"}, ("place", "Setúbal", "field:title")),
        ({"lede": "Call us at +351 912 345 678."}, ("phone", "+351 912 345 678", "field:lede")),
        ({"after": text("Her teacher is called Amália.")}, ("name", "Amália", f"block:{AFTER}")),
        ({"after": text("It was on 3 May 2019.")}, ("date", "3 May 2019", f"block:{AFTER}")),
        (
            {"search_description": "Write to ines@example.org."},
            ("email", "ines@example.org", "field:search_description"),
        ),
    ],
)
def test_words_are_found_wherever_they_stand(
    home: Any, fields: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    assert found(story(**fields)) == [expected]


def test_the_private_name_is_always_looked_for(home: Any) -> None:
    ines = PersonFactory(private_name="Inês Ferreira", display_name="Marta")
    consent(ines)
    page = story(person=ines, after=text("The Ferreira family moved."), slug="the-ferreira-story")
    assert found(page) == [
        ("name", "Ferreira", f"block:{AFTER}"),
        ("name", "Ferreira", "field:slug"),
    ]


def test_a_first_name_that_is_shown_with_consent_is_asked_of_the_consent_alone(home: Any) -> None:
    ines = consenting(private_name="Ines Ferreira", display_name="Ines")
    assert found(story(person=ines, patient_name="Ines", after=text("Ines climbs the stairs."))) == []


def test_pictures_speak_by_alternative_text(home: Any) -> None:
    person = consenting(private_name="Rosa Ferreira", display_name="Rosa")
    picture = PictureFactory(alt_text="Little Ferreira on the stairs, one hand on the rail.")
    parts = {
        part for _kind, words, part in found(story(person=person, picture=picture)) if words == "Ferreira"
    }
    assert {"field:picture", f"picture:{picture.pk}:alt"} <= parts


def test_a_file_s_name_is_searched(home: Any) -> None:
    person = consenting(private_name="Rosa Ferreira", display_name="Rosa")
    document = DocumentFactory(
        title="Report", file=ContentFile(b"Nothing in it.", name="ferreira-report.txt")
    )
    block = {
        "type": "document",
        "id": AFTER,
        "value": {"document": document.pk, "title": "", "description": ""},
    }
    page = story(person=person, after=[block])
    assert ("name", "Ferreira", f"document:{document.pk}:name") in found(page)


def test_documents_and_captions_are_read(home: Any) -> None:
    document = DocumentFactory(title="Report", file=ContentFile(b"Born on 3 May 2019.", name="report.txt"))
    recording = RecordingFactory()
    track = CaptionTrackFactory(
        recording=recording,
        file=ContentFile(b"WEBVTT\n\n00:00.000 --> 00:04.000\n<v Mother>We live in Setubal.\n", name="a.vtt"),
    )
    blocks = [
        {"type": "document", "id": AFTER, "value": {"document": document.pk, "title": "", "description": ""}},
        {
            "type": "video",
            "value": {"recording": recording.pk, "title": "", "caption": "", "show_transcript": True},
        },
    ]
    page = story(after=blocks)
    assert ("date", "3 May 2019", f"document:{document.pk}:text") in found(page)
    assert ("place", "Setubal", f"recording:{recording.pk}:captions:{track.pk}") in found(page)


def words_in(data: bytes) -> str:
    return "\n".join(text.words for text in read(data).texts)


def test_hidden_data_of_pictures_and_documents_are_read() -> None:
    buffer = io.BytesIO()
    picture = Image.new("RGB", (8, 8))
    exif = picture.getexif()
    exif[315] = "Rosa Ferreira"  # Artist
    picture.save(buffer, "JPEG", exif=exif)
    assert "Rosa Ferreira" in _metadata(buffer)
    assert "caf\u00e9" in words_in("caf\u00e9".encode())


def test_a_pdf_is_read_and_what_is_written_into_it_beside_its_words() -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Author": "Rosa Ferreira"})
    buffer = io.BytesIO()
    writer.write(buffer)
    assert "Rosa Ferreira" in words_in(buffer.getvalue())
    said = PDF.replace(
        b"/MediaBox",
        b"/Contents 4 0 R/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>/MediaBox",
    )
    words = b"BT /F 12 Tf 9 9 Td (Born on 3 May 2019.) Tj ET"
    stream = b"4 0 obj<</Length %d>>stream\n%s\nendstream endobj\ntrailer" % (len(words), words)
    assert "Born on 3 May 2019." in words_in(said.replace(b"trailer", stream))


def test_an_open_finding_stops_publication_and_a_decision_lets_it_through(home: Any, editor: Any) -> None:
    page = story(after=text("We live in Setúbal, near the river."))
    [reason] = gate.reasons_not_public(draft_of(page))
    assert reason.why == Why.IDENTIFIES
    assert "“Setúbal”" in reason.text
    assert "[a town]" in reason.text
    with pytest.raises(gate.NotPublic):
        page.get_latest_revision().publish()
    with pytest.raises(EditorError, match="reason"):
        services.keep_identifier(page=page, kind="place", text="Setúbal", reason=" ", by=SYSTEM)
    services.keep_identifier(
        page=page, kind="place", text="Setúbal", reason="They asked for it.", by=Actor.of(editor)
    )
    assert AuditEntry.objects.filter(action="identifier.keep", user=editor).exists()
    assert "Setúbal" not in repr(list(AuditEntry.objects.values()))
    page.get_latest_revision().publish()
    page.refresh_from_db()
    assert page.live


def test_a_decision_is_about_words_and_a_person(home: Any) -> None:
    page = story(after=text("We live in Setúbal."))
    services.keep_identifier(page=page, kind="place", text="Setúbal", reason="They asked for it.", by=SYSTEM)
    again = story(person=page.person, after=text("Back in Setúbal, and in Faro."))
    assert [words for _kind, words, _part in found(again)] == ["Faro"]
    assert [words for _kind, words, _part in found(story(after=text("We live in Setúbal.")))] == ["Setúbal"]
    services.reopen_identifier(page=page, kind="place", text="Setúbal", by=SYSTEM)
    assert not KeptIdentifier.objects.exists()
    assert [words for _kind, words, _part in found(page)] == ["Setúbal"]


def test_who_edited_is_named_on_purpose_but_not_a_private_name(home: Any) -> None:
    person = consenting(private_name="Rosa Ferreira", display_name="Rosa")
    page = story(person=person, edited_by="Dr. Anna Berg, living in Porto", interviewed_by="Mr Ferreira")
    assert found(page) == [("name", "Ferreira", "field:interviewed_by")]
