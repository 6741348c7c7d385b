"""The conversation in the layouts that services and tools export. `LAYOUTS` maps a name to a file.

Each layout is written by its documented grammar, so that readers are tested without the files outside the
repository.
"""

from __future__ import annotations

from tests.transcripts.conversation import (
    ENDS,
    EXACT,
    TALK,
    UNTIMED,
    WHOLE,
    WORDS,
    clock,
    docx,
    table_xml,
    written,
)
from tests.transcripts.conversation_files import (
    amazon_file,
    as_json,
    assemblyai_file,
    azure_file,
    chat_file,
    deepgram_file,
    eaf_file,
    google_file,
    rev_ai_file,
    rolling_file,
    rtf_file,
    sheet_file,
    speechmatics_file,
    srt_file,
    tei_file,
    trs_file,
    ttml_file,
    vtt_file,
    whisper_words,
    whispercpp_file,
)

# Name -> file, how closely starts are given, whether speakers are named.
LAYOUTS: dict[str, tuple[bytes, float | None, bool]] = {
    "zoom.vtt": (vtt_file(lambda _a, _b, who, said: f"{who}: {said}"), EXACT, True),
    "zoom.txt": (written(lambda a, _b, who, said: f"[{who}] {clock(a, '00:00:00')}\n{said}"), WHOLE, True),
    "teams.vtt": (vtt_file(lambda _a, _b, who, said: f"<v {who}>{said}</v>"), EXACT, True),
    "meet.sbv": (
        written(
            lambda a, b, who, said: f"{clock(a, '0:00:00.000')},{clock(b, '0:00:00.000')}\n{who}: {said}"
        ),
        EXACT,
        True,
    ),
    "otter.txt": (
        written(
            lambda a, _b, who, said: f"{who}  {clock(a, '0:00')}  \n{said}",
            after="\n\nTranscribed by https://otter.ai\n",
        ),
        WHOLE,
        True,
    ),
    "rev.txt": (written(lambda a, _b, who, said: f"{who} ({clock(a, '00:00')}):\n{said}"), WHOLE, True),
    "descript.txt": (
        written(lambda a, _b, who, said: f"{who}: [{clock(a, '00:00:00')}] {said}"),
        WHOLE,
        True,
    ),
    "descript.md": (
        written(lambda a, _b, who, said: f"**{who}:** [{clock(a, '00:00:00')}] {said}", "# My interview\n\n"),
        WHOLE,
        True,
    ),
    "descript-first.md": (
        written(lambda a, _b, who, said: f"[{clock(a, '00:00:00')}] **{who}**: {said}", "# My interview\n\n"),
        WHOLE,
        True,
    ),
    "trint.txt": (written(lambda a, _b, who, said: f"[{clock(a, '00:00:00')}] {who}\n{said}"), WHOLE, True),
    "sonix.txt": (
        written(lambda a, _b, who, said: f"{who}: [{clock(a, '00:00:00')}] {said}", "talk.m4a\n\n"),
        WHOLE,
        True,
    ),
    "fireflies.txt": (written(lambda a, _b, who, said: f"{clock(a, '62:05')} - {who}\n{said}"), WHOLE, True),
    "fireflies-after.txt": (
        written(lambda a, _b, who, said: f"{who} - {clock(a, '00:00')}\n{said}"),
        WHOLE,
        True,
    ),
    "premiere.txt": (
        written(
            lambda a, b, who, said: f"{clock(a, '00;00;00;00')} - {clock(b, '00;00;00;00')}\n{who}\n{said}"
        ),
        EXACT,
        True,
    ),
    "premiere.csv": (
        written(
            lambda a, b, who, said: (
                f'"{who}","{clock(a, "00:00:00:00")}","{clock(b, "00:00:00:00")}","{said}"'
            ),
            "Speaker Name,Start Time,End Time,Text\n",
            between="\n",
        ),
        EXACT,
        True,
    ),
    "otranscribe.txt": (written(lambda a, _b, who, said: f"{clock(a, '0:00')} {who}: {said}"), WHOLE, True),
    "otranscribe.otr": (
        as_json(
            {
                "text": "".join(
                    f'<p><span class="timestamp" contenteditable="false" data-timestamp="{a}">{clock(a, "0:00")}</span>&nbsp;{who}: {said}<br></p>'
                    for a, _b, who, said in TALK
                ),
                "media": "talk.m4a",
                "media-time": 3.4,
            }
        ),
        EXACT,
        True,
    ),
    "inqscribe-last.txt": (
        written(lambda _a, b, who, said: f"{who}: {said} [{clock(b, '00:00:00')}.04]"),
        ENDS,
        True,
    ),
    "express-scribe.txt": (
        written(lambda a, _b, who, said: f"{clock(a, '0:00:00')}\n{who}: {said}"),
        WHOLE,
        True,
    ),
    "f4.txt": (
        written(lambda _a, b, who, said: f"{who}: {said} #{clock(b, '00:00:00-0')}#", between="\n"),
        ENDS,
        True,
    ),
    "maxqda.txt": (
        written(lambda a, _b, who, said: f"#{clock(a, '00:00:00-0')}# {who}: {said}", between="\n"),
        0.11,
        True,
    ),
    "f4.rtf": (rtf_file(), ENDS, True),
    "transana.txt": (written(lambda a, _b, who, said: f"¤<{int(a * 1000)}>{who}: {said}"), EXACT, True),
    "nvivo.tsv": (
        written(
            lambda a, b, who, said: f"{clock(a, '0:00:00.000')} - {clock(b, '0:00:00.000')}\t{said}\t{who}",
            "Timespan\tContent\tSpeaker\n",
            between="\n",
        ),
        EXACT,
        True,
    ),
    "ohd.csv": (
        written(
            lambda a, _b, who, said: f"1;{clock(a, '00:00:00.000')};{who};{said};translated",
            "Tape_number;Timecode;Speaker;Transcript;Translation\n",
            between="\n",
        ),
        EXACT,
        True,
    ),
    "without-headings.csv": (
        written(lambda a, _b, who, said: f'{clock(a, "00:00:00.000")},{who},"{said}"', between="\n"),
        EXACT,
        True,
    ),
    "talk.eaf": (eaf_file(), EXACT, True),
    "talk.trs": (trs_file(), EXACT, True),
    "talk.tei.xml": (tei_file(), EXACT, True),
    "talk.ttml": (ttml_file(), EXACT, True),
    "talk.cha": (chat_file(), EXACT, True),
    "ass-tags.srt": (srt_file(lambda _a, _b, who, said: f"{{\\an8}}<i>{who}</i>: {said}"), EXACT, True),
    "brackets.srt": (srt_file(lambda _a, _b, who, said: f"[{who}] {said}"), EXACT, True),
    "no-space.srt": (srt_file(lambda _a, _b, who, said: f"{who.upper()}:{said}"), EXACT, True),
    "full-width.vtt": (vtt_file(lambda _a, _b, who, said: f"{who}：{said}"), EXACT, True),
    "marks.vtt": (vtt_file(lambda _a, _b, who, said: f"\u200f{who}\u200f: \u200f{said}"), EXACT, True),
    "w3c.vtt": (
        vtt_file(
            lambda _a, _b, who, said: f"<v.loud {who}>{said}",
            "WEBVTT - a title\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:fred\nwidth:40%\n\nNOTE not said\n\n",
        ),
        EXACT,
        True,
    ),
    "names-alone.txt": (written(lambda _a, _b, who, said: f"{who}\n{said}"), UNTIMED, True),
    "bold.docx": (
        docx(
            *(
                f"<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>{who}:</w:t></w:r><w:r><w:t xml:space='preserve'> {said}</w:t></w:r></w:p>"
                for _a, _b, who, said in TALK
            )
        ),
        UNTIMED,
        True,
    ),
    "teams.docx": (
        docx(
            "Meeting with Tomas",
            "March 5, 2026, 10:00AM",
            *(
                f"<w:p><w:r><w:t>{who}</w:t></w:r><w:r><w:t xml:space='preserve'>   {clock(a, '0:00')}</w:t></w:r><w:r><w:br/></w:r><w:r><w:t>{said}</w:t></w:r></w:p>"
                for a, _b, who, said in TALK
            ),
            "Rita Okoye stopped transcription",
        ),
        WHOLE,
        True,
    ),
    "meet.docx": (
        docx(
            "Talk (2026-03-05 10:00 GMT+1) - Transcript",
            "Attendees",
            "Rita Okoye, Tomas Berg",
            "Transcript",
            "This editable transcript was computer generated and might contain errors.",
            *(part for a, _b, who, said in TALK for part in (clock(a, "00:00:00"), " ", f"{who}: {said}")),
            "Meeting ended after 01:01:12 👋",
        ),
        WHOLE,
        True,
    ),
    "table.docx": (
        docx(
            "A title",
            table_xml(
                [
                    ["Time", "Who", "Words"],
                    *([clock(a, "00:00:00.000"), who, said] for a, _b, who, said in TALK),
                ]
            ),
        ),
        EXACT,
        True,
    ),
    "table.xlsx": (sheet_file(), EXACT, True),
    "talk.html": (
        (
            "<!DOCTYPE html><html><head><title>x</title><style>p {}</style></head><body>"
            + "".join(f"<p><b>{who}</b> ({clock(a, '0:00')}): {said}</p>" for a, _b, who, said in TALK)
            + "</body></html>"
        ).encode(),
        WHOLE,
        True,
    ),
    "table.html": (
        (
            "<html><body><table><tr><th>Start</th><th>Speaker</th><th>Text</th></tr>"
            + "".join(f"<tr><td>{a}</td><td>{who}</td><td>{said}</td></tr>" for a, _b, who, said in TALK)
            + "</table></body></html>"
        ).encode(),
        EXACT,
        True,
    ),
    "whisper.json": (
        as_json({"text": " ".join(WORDS), "segments": whisper_words(), "language": "en"}),
        EXACT,
        True,
    ),
    "faster-whisper.json": (as_json(whisper_words()), EXACT, True),
    "whispercpp.json": (whispercpp_file(), EXACT, False),
    "whisper.tsv": (
        written(
            lambda a, b, _who, said: f"{round(a * 1000)}\t{round(b * 1000)}\t{said}",
            "start\tend\ttext\n",
            between="\n",
        ),
        EXACT,
        False,
    ),
    "whispercpp.csv": (
        written(
            lambda a, b, _who, said: f'{round(a * 1000)},{round(b * 1000)},"{said}"',
            "start,end,text\n",
            between="\n",
        ),
        EXACT,
        False,
    ),
    "whisperx.srt": (srt_file(lambda _a, _b, who, said: f"[{who}]: {said}"), EXACT, True),
    "youtube.vtt": (rolling_file(), EXACT, False),
    "youtube-copied.txt": (
        written(lambda a, _b, _who, said: f"{clock(a, '0:00')}\n{said}", between="\n"),
        WHOLE,
        False,
    ),
    "amazon.json": (amazon_file(), EXACT, True),
    "google.json": (google_file(), EXACT, True),
    "azure.json": (azure_file(), EXACT, True),
    "deepgram.json": (deepgram_file(), EXACT, True),
    "assemblyai.json": (assemblyai_file(), EXACT, True),
    "speechmatics.json": (speechmatics_file(), EXACT, True),
    "rev-ai.json": (rev_ai_file(), EXACT, True),
}
# Services that number the speakers.
NUMBERED = {
    "google.json": ("Speaker 1", "Speaker 2"),
    "azure.json": ("Speaker 1", "Speaker 2"),
    "deepgram.json": ("Speaker 0", "Speaker 1"),
    "assemblyai.json": ("Speaker A", "Speaker B"),
    "speechmatics.json": ("S1", "S2"),
    "rev-ai.json": ("Speaker 0", "Speaker 1"),
}
WITH_WORD_TIMES = (
    "whisper.json",
    "faster-whisper.json",
    "youtube.vtt",
    "amazon.json",
    "google.json",
    "azure.json",
    "deepgram.json",
    "assemblyai.json",
    "speechmatics.json",
    "rev-ai.json",
)
