"""The formats of transcripts that are read: how each is recognised, and its reader. Pure.

The content decides. The formats are asked in the order of this list, so what is more exact comes first; plain
text is last, and is refused for anything that looks like markup or data.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from transcripts.cues import TranscriptRead, Unreadable
from transcripts.formats import (
    ass,
    chat,
    eaf,
    html_pages,
    json_files,
    ohms,
    rtf,
    srt,
    table,
    tei,
    textgrid,
    trs,
    ttml,
    webvtt,
)
from transcripts.formats.xml_tree import root_name


@dataclass(frozen=True)
class Format:
    """A format of text files. `read` takes the text and the file's name without its suffix."""

    code: str
    looks_like: Callable[[str], bool]
    read: Callable[[str, str], TranscriptRead]


def _root(*names: str) -> Callable[[str], bool]:
    return lambda text: root_name(text).lower() in names


FORMATS = (
    Format("webvtt", webvtt.looks_like, webvtt.read),
    Format("rtf", rtf.looks_like, rtf.read),
    Format("ohms", ohms.looks_like, ohms.read),
    Format("eaf", _root("annotation_document"), eaf.read),
    Format("trs", _root("trans"), trs.read),
    Format("tei", _root("tei", "teicorpus", "tei.2"), tei.read),
    Format("ttml", _root("tt"), ttml.read),
    Format("ttml", _root("timedtext", "transcript"), ttml.read_youtube),
    Format("html", html_pages.looks_like, html_pages.read),
    Format("textgrid", textgrid.looks_like, textgrid.read),
    Format("json", json_files.looks_like, json_files.read),
    Format("ass", ass.looks_like, ass.read),
    Format("chat", chat.looks_like, chat.read),
    Format("sbv", srt.looks_like_sbv, srt.read_sbv),
    Format("srt", srt.looks_like, srt.read),
    Format("csv", table.looks_like, table.read),
)

# The names of the codes that a reading can have, for editors.
NAMES = {
    "webvtt": "WebVTT",
    "srt": "SRT",
    "sbv": "SBV (YouTube)",
    "ass": "SubStation Alpha",
    "ohms": "OHMS",
    "textgrid": "Praat TextGrid",
    "eaf": "ELAN",
    "trs": "Transcriber",
    "chat": "CHAT",
    "tei": "TEI",
    "ttml": "TTML",
    "html": "HTML",
    "rtf": "RTF",
    "docx": "Word (DOCX)",
    "xlsx": "Excel (XLSX)",
    "csv": "CSV",
    "text": "plain text",
    "otranscribe": "oTranscribe",
    "whisper": "Whisper (JSON)",
    "whisper.cpp": "whisper.cpp (JSON)",
    "amazon": "Amazon Transcribe",
    "google": "Google Speech-to-Text",
    "azure": "Azure Speech",
    "deepgram": "Deepgram",
    "assemblyai": "AssemblyAI",
    "speechmatics": "Speechmatics",
    "rev.ai": "Rev.ai",
    "elevenlabs": "ElevenLabs",
    "vosk": "Vosk",
    "premiere": "Premiere (JSON)",
    "json": "JSON",
}


def format_of(text: str) -> Format | None:
    """Return the format that a text is in; None for one that only plain text could be."""
    return next((one for one in FORMATS if one.looks_like(text)), None)


def read_by_suffix(text: str, suffix: str) -> TranscriptRead | None:
    """Return the reading of a text that no format recognises, by the suffix of its file.

    None if the suffix does not say more.

    Raises Unreadable for a suffix that promises what the text is not.
    """
    if suffix in (".vtt", ".webvtt"):
        raise Unreadable("A WebVTT file begins with the word WEBVTT on its first line.")
    if suffix in (".csv", ".tsv"):
        return table.read(text)
    return None
