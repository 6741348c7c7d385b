"""Files that are known and not read: what each is, and how to export it instead. Pure."""

from __future__ import annotations

import re

from transcripts.cues import Unreadable
from transcripts.formats.office_zip import names_in
from transcripts.formats.xml_tree import root_name

_AS = "as WebVTT, SRT, DOCX or plain text"
# Bytes at the start of a file, at a position; the name; what to do.
_BYTES: tuple[tuple[int, bytes, str, str], ...] = (
    (0, b"%PDF", "a PDF", "Export the transcript from the program that made it, as DOCX or plain text"),
    (0, b"\xd0\xcf\x11\xe0", "an old Word or Excel file", "Open it and save it as .docx or .xlsx"),
    (0, b"SQLite format 3", "a project file (database), such as of MAXQDA", f"Export the transcript {_AS}"),
    (0, b"RIFF", "a recording (WAV or AVI)", "Choose the transcript"),
    (0, b"ID3", "a recording (MP3)", "Choose the transcript"),
    (0, b"OggS", "a recording (Ogg)", "Choose the transcript"),
    (0, b"fLaC", "a recording (FLAC)", "Choose the transcript"),
    (4, b"ftyp", "a recording (MP4 or M4A)", "Choose the transcript"),
    (0, b"\x1aE\xdf\xa3", "a recording (WebM or Matroska)", "Choose the transcript"),
    (0, b"\x89PNG", "a picture (PNG)", "Choose the transcript"),
    (0, b"\xff\xd8\xff", "a picture (JPEG)", "Choose the transcript"),
    (3, b"STL25.01", "an EBU STL subtitle file", f"Export it {_AS}"),
    (3, b"STL30.01", "an EBU STL subtitle file", f"Export it {_AS}"),
    (0, b"\x1f\x8b", "a compressed file (gzip)", "Unpack it and choose the file inside"),
    (0, b"7z\xbc\xaf", "an archive (7z)", "Unpack it and choose the file inside"),
    (0, b"Rar!", "an archive (RAR)", "Unpack it and choose the file inside"),
)
_ZIPS = (
    ("content.xml", "an OpenDocument file (ODT or ODS)", "Save it as .docx or .xlsx"),
    ("META-INF/container.xml", "an e-book (EPUB)", "Export its text as DOCX"),
    ("ppt/presentation.xml", "a PowerPoint file", "Save the words as DOCX"),
    ("Index/Document.iwa", "a Pages or Numbers file", "Export it as Word (.docx) or Excel (.xlsx)"),
    ("project.qde", "a REFI-QDA project", "Export the transcript as DOCX or plain text"),
)
_TEXTS = (
    (r"<SAMI\b", "a SAMI subtitle file"),
    (r"\s*Scenarist_SCC", "a Scenarist SCC caption file"),
    (r"\{\d+\}\{\d+\}", "a MicroDVD subtitle file, which counts frames"),
    (r"TITLE:.*\n(?:FCM:.*\n)?(?:\s*\n)*\d{3}", "an edit decision list (EDL)"),
    (r"app=InqScribe\b", "an InqScribe project"),
    (r"\s*\\documentclass|\s*%!PS", "a LaTeX or PostScript file"),
    (r"bplist00", "a property list"),
)
_ROOTS = {
    "basic-transcription": "an EXMARaLDA transcript (EXB)",
    "chat": "CHAT in XML (TalkBank)",
    "folker-transcription": "a FOLKER transcript",
    "interlinear-text": "interlinear text (FLEx)",
    "document": "an interlinear or Word document in XML",
    "worddocument": "a Word document in XML (2003)",
    "package": "a Word document in XML (flat OPC)",
    "xmeml": "a project of Premiere or Final Cut (XML)",
    "fcpxml": "a project of Final Cut (FCPXML)",
    "project": "a project file in XML",
    "smil": "a SMIL file",
    "rss": "a feed (RSS)",
    "svg": "a picture (SVG)",
    "transana": "a Transana project",
    "plist": "a property list",
    "kmz": "a map file",
}


def refuse_bytes(data: bytes) -> None:
    """Raise Unreadable, with the name of the format, for a file that is known not to be text."""
    for at, mark, name, advice in _BYTES:
        if data[at : at + len(mark)] == mark:
            raise Unreadable(f"The file is not text. It is {name}. {advice}.")


def refuse_zip(data: bytes) -> None:
    """Raise Unreadable, with the name of the format, for a ZIP archive that is neither DOCX nor XLSX."""
    names = names_in(data)
    for part, name, advice in _ZIPS:
        if part in names:
            raise Unreadable(f"This is {name}, which is not read. {advice}.")


def refuse_text(text: str) -> None:
    """Raise Unreadable, with the name of the format, for markup and data that no reader knows."""
    head = text[:4000].lstrip("\ufeff \t\r\n")
    for pattern, name in _TEXTS:
        if re.match(pattern, head, re.I):
            raise Unreadable(f"This is {name}, which is not read. Export it {_AS}.")
    if root := root_name(head):
        name = _ROOTS.get(root.lower(), f"XML (data with the element <{root[:40]}>)")
        raise Unreadable(f"This is {name}, which is not read. Export the transcript {_AS}.")
    if kind := markup_in(text):
        raise Unreadable(
            f"This looks like {kind}, and not like words that were said. Export the transcript {_AS}."
        )


_MARKUP = (
    (re.compile(r"</?[A-Za-z][\w.:-]{0,40}(?:\s[^<>]{0,500})?/?>"), "markup (HTML or XML)"),
    (re.compile(r"\"[\w.$ -]{1,40}\"\s*:\s*(?:[\[{\"\d-]|true|false|null)"), "data (JSON)"),
    (re.compile(r"\\(?:par|pard|rtf1|ansi|fonttbl|fs\d+|plain|f\d+)\b"), "RTF"),
    (re.compile(r"-->"), "captions with times"),
    (re.compile(r"\b(?:xmin|xmax|intervals|ooTextFile)\b\s*(?:=|\[|\")"), "a Praat TextGrid"),
    (re.compile(r"PK\x03\x04|PK\x05\x06|word/document\.xml"), "an Office file"),
)


def markup_in(text: str, *, is_whole: bool = False) -> str:
    """Return what kind of markup or data a text is, if that is a large part of it; '' for words.

    `is_whole`: the text is all that was read of a file, as one cue; then two places are enough.
    """
    sample = text[:200_000] if is_whole else text[:20_000]
    for pattern, name in _MARKUP:
        found = [match.group() for match in pattern.finditer(sample)]
        if len(found) > 1 and (is_whole or sum(map(len, found)) * 12 > len(sample)):
            return name
    # Brackets, braces and backslashes belong to data; words have few of them.
    marks = sum(sample.count(mark) for mark in '<>{}\\="')
    return "data" if marks * 6 > len(sample.strip()) > 40 else ""
