"""Planted facts in everything of the library that a page shows: found, or not in what visitors get."""

from __future__ import annotations

import io
from typing import Any

import av
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from PIL import ExifTags, Image

from deidentification import identifier_rule
from deidentification.identifiers import find
from deidentification.page_text import words_of_file
from experiences.interview_identifiers import TRANSCRIPT
from experiences.models import StoryPage
from interviews.models import Cue, Interview
from media import publishing
from media.models import CaptionTrack, Picture, Recording
from media.storage import private_storage, public_storage
from tests.factories import CaptionTrackFactory, DocumentFactory, PictureFactory, RecordingFactory, film

from .facts import Fact, covers, facts, names

pytestmark = pytest.mark.django_db
# Words that are one word without accents: a file's name has nothing else.
PLAIN = [fact for fact in facts() if fact.is_told and fact.is_one_plain_word]
# Searched for in what professionals are named in, and in hidden data: what is told, and numbers.
NUMBERS = [fact for fact in facts() if fact.is_told or fact.kind in {"phones", "emails", "dates", "records"}]


def missed(thing: Any, end: str, planted: list[Fact]) -> list[str]:
    """Return the facts that are not found in the passage of a file whose name has this end."""
    [passage] = [one for one in words_of_file(thing) if one.part.endswith(end)]
    found = identifier_rule._find(passage, list(names()), StoryPage())
    text = passage.text.casefold() if end == ":name" else passage.text
    return [
        fact.words
        for fact in planted
        if not covers(found, text, fact.words.casefold() if end == ":name" else fact.words)
    ]


def lines(planted: list[Fact]) -> str:
    return "\n".join(fact.sentence for fact in planted)


def stored(made: Any, storage: Storage) -> bytes:
    with storage.open(str(made)) as file:
        return bytes(file.read())


# Words ----------------------------------------------------------------------------------------------------------


def test_each_fact_is_found_in_the_words_of_a_picture() -> None:
    picture = Picture(alt_text=lines(list(facts())), credit=lines(NUMBERS))
    picture.file.name = "pictures/x/a.jpg"
    assert missed(picture, ":alt", list(facts())) == []
    assert missed(picture, ":credit", NUMBERS) == []


def test_each_fact_is_found_in_the_words_of_a_recording() -> None:
    recording: Any = RecordingFactory(transcript=lines(list(facts())))
    recording.title = lines(list(facts()))  # longer than the column: it is searched, not stored
    assert missed(recording, ":title", list(facts())) == []
    assert missed(recording, ":transcript", list(facts())) == []
    track = CaptionTrackFactory(recording=recording, label=PLAIN[0].words)
    assert missed(Recording.objects.get(), f":captions:{track.pk}:label", PLAIN[:1]) == []


@pytest.mark.parametrize("name", [fact.words for fact in PLAIN])
def test_a_name_is_found_in_the_name_of_a_file(name: str) -> None:
    for written in (f"{name}_2019-face.jpg", f"IMG-{name.lower()}.jpg", f"school.{name.upper()}.1.jpg"):
        picture = Picture()
        picture.file.name = f"pictures/x/{written}"
        assert missed(picture, ":name", [Fact(name, "told", is_told=True)]) == [], written


# Captions and transcripts -----------------------------------------------------------------------------------------


def cue(number: int, words: str) -> str:
    return f"00:{number // 60:02}:{number % 60:02}.000 --> 00:{number // 60:02}:{number % 60:02}.900\n{words}\n\n"


def captions(text: str) -> CaptionTrack:
    track: CaptionTrack = CaptionTrackFactory(file=ContentFile(text.encode(), name="a.vtt"))
    return track


def test_each_fact_is_found_in_the_speech_of_captions() -> None:
    words = [fact.sentence.replace("&", "&amp;").replace("<", "&lt;") for fact in facts()]
    spoken = "".join(cue(number, each) for number, each in enumerate(words))
    track = captions(f"WEBVTT\n\n{spoken}")
    assert missed(track.recording, f":captions:{track.pk}", list(facts())) == []


LAYERS = {
    "header": "WEBVTT {}\n\n",
    "line below the header": "WEBVTT\nKind: captions of {}\n\n",
    "note": "WEBVTT\n\nNOTE for {} only\n\n",
    "style": "WEBVTT\n\nSTYLE\n::cue(v[voice='{}']) {{ color: red }}\n\n",
    "identifier of a cue": "WEBVTT\n\n{}\n" + cue(1, "Words."),
    "settings of a cue": "WEBVTT\n\n00:01.000 --> 00:02.000 region:{}\nWords.\n\n",
    "speaker": "WEBVTT\n\n" + cue(1, "<v {}>Words."),
    "speaker with a class": "WEBVTT\n\n" + cue(1, "<v.loud {}>Words.</v>"),
    "class": "WEBVTT\n\n" + cue(1, "<c.{}>Words.</c>"),
    "text that is not a cue": "WEBVTT\n\n{} says\n\n",
}


@pytest.mark.parametrize("layer", LAYERS)
def test_a_name_is_found_in_every_layer_of_captions(layer: str) -> None:
    fact = PLAIN[len(layer) % len(PLAIN)]
    track = captions(
        LAYERS[layer].replace("{}", fact.words).replace("{{", "{").replace("}}", "}") + cue(9, "The end.")
    )
    assert missed(track.recording, f":captions:{track.pk}", [fact]) == []


@pytest.mark.parametrize(
    "written",
    ["Fi<b>li</b>pa", "Fi<00:00:01.500>lipa", "&#70;ilipa", "Fi&shy;lipa", "F&iacute;lipa", "<i>F</i>ilipa"],
)
def test_a_name_is_found_behind_tags_and_references(written: str) -> None:
    track = captions("WEBVTT\n\n" + cue(1, f"and then {written} left."))
    [passage] = [one for one in words_of_file(track.recording) if one.part.endswith(f":captions:{track.pk}")]
    assert [one.kind for one in find(passage.text, names())] == ["name"]


def test_each_fact_is_found_in_a_conversation_that_is_published_in_full(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    interview = Interview.objects.create(title="A conversation", full_transcript_allowed=True)
    Cue.objects.bulk_create(
        Cue(interview=interview, position=number, text=fact.sentence) for number, fact in enumerate(facts())
    )
    page = StoryPage(slug="a")
    monkeypatch.setattr(page, "quoted_interviews", lambda: [interview])
    monkeypatch.setattr(identifier_rule, "names_of", lambda _page: list(names()))
    [passage] = [one for one in page.passages_elsewhere() if one.part.startswith(TRANSCRIPT)]
    found = identifier_rule._find(passage, list(names()), page)
    assert [fact.words for fact in facts() if not covers(found, passage.text, fact.words)] == []


# What visitors get ------------------------------------------------------------------------------------------------


def telling_picture() -> ContentFile:
    """Return a photo with names and a position in all of its metadata."""
    picture, out = Image.new("RGB", (900, 700), "teal"), io.BytesIO()
    exif = picture.getexif()
    for number, tag in enumerate(
        (
            ExifTags.Base.Artist,
            ExifTags.Base.ImageDescription,
            ExifTags.Base.Copyright,
            ExifTags.Base.HostComputer,
        )
    ):
        exif[tag] = PLAIN[number].words
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "N", (38.0, 31.0, 27.62)
    gps[ExifTags.GPS.GPSAreaInformation] = b"ASCII\0\0\0" + PLAIN[4].words.encode()
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{PLAIN[5].words}</x:xmpmeta>".encode()
    picture.save(out, "JPEG", exif=exif, comment=PLAIN[6].words.encode(), xmp=xmp)
    return ContentFile(out.getvalue() + PLAIN[7].words.encode(), name=f"{PLAIN[8].words}_face.jpg")


def test_no_picture_that_visitors_get_has_any_hidden_data() -> None:
    given = telling_picture()
    assert all(fact.words.encode() in given.read() for fact in PLAIN[:8] if not given.seek(0))
    given.seek(0)
    picture = PictureFactory(file=given)
    publishing.publish(picture)
    publishing.write_files(picture)
    copies = [part.public_name for part in Picture.objects.get().parts() if part.public_name]
    assert copies
    for data in [
        stored(picture.file, private_storage()),
        *(stored(name, public_storage()) for name in copies),
    ]:
        assert [fact.words for fact in PLAIN[:9] if fact.words.encode() in data] == []
        with Image.open(io.BytesIO(data)) as opened:
            assert not dict(opened.getexif().get_ifd(ExifTags.IFD.GPSInfo))
    assert PLAIN[8].words.casefold() not in " ".join(copies).casefold()
    assert missed(picture, ":name", PLAIN[8:9]) == []


def test_no_recording_that_visitors_get_has_any_hidden_data() -> None:
    source, out = io.BytesIO(film().read()), io.BytesIO()
    with av.open(source) as read, av.open(out, "w", format="webm") as made:
        made.metadata.update(
            {"title": PLAIN[0].words, "artist": PLAIN[1].words, "location": "+38.5244-008.8882/"}
        )
        stream = made.add_stream_from_template(read.streams.video[0])
        stream.metadata["title"] = PLAIN[2].words
        for packet in read.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                made.mux(packet)
    assert PLAIN[0].words.encode() in out.getvalue()
    recording = RecordingFactory(file=ContentFile(out.getvalue(), name=f"{PLAIN[3].words}.webm"))
    publishing.publish(recording)
    publishing.write_files(recording)
    recording.refresh_from_db()
    copy = stored(recording.public_name, public_storage())
    assert [fact.words for fact in PLAIN[:4] if fact.words.encode() in copy] == []
    assert b"38.5244" not in copy
    assert PLAIN[3].words.casefold() not in recording.public_name.casefold()
    assert missed(recording, ":name", PLAIN[3:4]) == []


def test_the_name_and_title_of_a_document_are_searched() -> None:
    document: Any = DocumentFactory(file=ContentFile(b"Words.", name=f"{PLAIN[0].words}.txt"))
    document.title = lines(list(facts()))  # longer than the column: it is searched, not stored
    assert missed(document, ":title", list(facts())) == []
    assert missed(document, ":name", PLAIN[:1]) == []
