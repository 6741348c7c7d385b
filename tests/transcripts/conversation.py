"""One invented conversation in the layouts that services and tools export. `LAYOUTS` maps a name to a file.

Each layout is written by its documented grammar, so that readers are tested without the files outside the
repository.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Sequence
from html import escape

Said = tuple[float, float, str, str]

TALK: list[Said] = [
    (2.4, 6.2, "Rita Okoye", "What did you notice first, before anyone said a word?"),
    (6.9, 12.5, "Tomas Berg", "It was a Sunday, I remember, and he could not hold his cup."),
    (13.1, 19.0, "Tomas Berg", "My wife said: call them now, and so I called."),
    (19.6, 22.4, "Rita Okoye", "And who came?"),
    (75.2, 81.8, "Tomas Berg", "Two nurses, at 10:30, and they were so calm."),
    (3661.0, 3667.5, "Tomas Berg", "Now he plays football again. I still watch him, every time."),
]
WORDS = [words for _start, _end, _who, words in TALK]


def clock(at: float, style: str = "0:00:00") -> str:
    """Return a time as '0:01:15.2' would be written in another style: 'h:mm:ss', 'mm:ss,mmm' ..."""
    hours, minutes, seconds = int(at // 3600), int(at // 60 % 60), at % 60
    whole = int(seconds)
    return {
        "0:00:00": f"{hours}:{minutes:02}:{whole:02}",
        "00:00:00": f"{hours:02}:{minutes:02}:{whole:02}",
        "0:00": f"{hours}:{minutes:02}:{whole:02}" if hours else f"{minutes}:{whole:02}",
        "00:00": f"{hours:02}:{minutes:02}:{whole:02}" if hours else f"{minutes:02}:{whole:02}",
        "62:05": f"{hours * 60 + minutes:02}:{whole:02}",
        "00:00:00.000": f"{hours:02}:{minutes:02}:{seconds:06.3f}",
        "00:00:00,000": f"{hours:02}:{minutes:02}:{seconds:06.3f}".replace(".", ","),
        "0:00:00.000": f"{hours}:{minutes:02}:{seconds:06.3f}",
        "00:00:00-0": f"{hours:02}:{minutes:02}:{whole:02}-{int(at * 10) % 10}",
        "00:00:00:00": f"{hours:02}:{minutes:02}:{whole:02}:{round(seconds % 1 * 25):02}",
        "00;00;00;00": f"{hours:02};{minutes:02};{whole:02};{round(seconds % 1 * 25):02}",
    }[style]


Line = Callable[[float, float, str, str], str]


def written(line: Line, before: str = "", after: str = "", between: str = "\n\n") -> bytes:
    return (before + between.join(line(*said) for said in TALK) + after).encode()


def docx(*paragraphs: str, styles: str = "") -> bytes:
    """Return a Word document of paragraphs; one that starts with '<' is WordprocessingML already."""
    body = "".join(
        one if one.startswith("<w:") else f"<w:p><w:r><w:t xml:space='preserve'>{one}</w:t></w:r></w:p>"
        for one in paragraphs
    )
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    parts = {"word/document.xml": f"<w:document {space}><w:body>{body}</w:body></w:document>"}
    if styles:
        parts["word/styles.xml"] = f"<w:styles {space}>{styles}</w:styles>"
    return zipped(parts)


def zipped(parts: dict[str, str]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return data.getvalue()


def table_xml(rows: Sequence[Sequence[str]]) -> str:
    def cell(words: str) -> str:
        return f"<w:tc><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:tc>"

    lines = ["<w:tr>" + "".join(map(cell, row)) + "</w:tr>" for row in rows]
    return f"<w:tbl>{''.join(lines)}</w:tbl>"


def xlsx(rows: Sequence[Sequence[str | float]]) -> bytes:
    """Return a workbook with text inline, numbers as numbers, and the second style for times."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'

    def cell(value: str | float, row: int, column: int) -> str:
        place = f"{'ABCDEFG'[column]}{row}"
        if isinstance(value, str):
            return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        return f'<c r="{place}" s="1"><v>{value!r}</v></c>'

    lines = [
        "".join(cell(one, number, at) for at, one in enumerate(row)) for number, row in enumerate(rows, 1)
    ]
    body = "".join(f'<row r="{number}">{line}</row>' for number, line in enumerate(lines, 1))
    return zipped(
        {
            "xl/workbook.xml": f"<workbook {space}/>",
            "xl/styles.xml": f'<styleSheet {space}><cellXfs><xf numFmtId="0"/><xf numFmtId="47"/></cellXfs></styleSheet>',
            "xl/worksheets/sheet1.xml": f"<worksheet {space}><sheetData>{body}</sheetData></worksheet>",
        }
    )


def timed_words(start: float, end: float, words: str) -> list[tuple[str, float, float]]:
    """Return each word with times that divide the cue evenly."""
    parts = words.split()
    step = (end - start) / len(parts)
    return [
        (word, round(start + at * step, 3), round(start + (at + 1) * step, 3))
        for at, word in enumerate(parts)
    ]


def _srt(line: Line) -> bytes:
    return written(
        lambda a, b, who, said: (
            f"{clock(a, '00:00:00,000')} --> {clock(b, '00:00:00,000')}\n{line(a, b, who, said)}"
        )
    )


def _vtt(line: Line, before: str = "WEBVTT\n\n") -> bytes:
    return written(
        lambda a, b, who, said: (
            f"{clock(a, '00:00:00.000')} --> {clock(b, '00:00:00.000')}\n{line(a, b, who, said)}"
        ),
        before,
    )


_START = {"Rita Okoye": "RIT", "Tomas Berg": "TOM"}
_SLOTS = sorted({at for start, end, _who, _said in TALK for at in (start, end)})


def _eaf() -> bytes:
    slots = "".join(
        f'<TIME_SLOT TIME_SLOT_ID="ts{int(at * 1000)}" TIME_VALUE="{int(at * 1000)}"/>' for at in _SLOTS
    )

    def tier(who: str) -> str:
        said = "".join(
            f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a{int(a * 10)}" TIME_SLOT_REF1="ts{int(a * 1000)}" '
            f'TIME_SLOT_REF2="ts{int(b * 1000)}"><ANNOTATION_VALUE>{words}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>'
            for a, b, name, words in TALK
            if name == who
        )
        return f'<TIER LINGUISTIC_TYPE_REF="default" PARTICIPANT="{who}" TIER_ID="{who[:1]}">{said}</TIER>'

    gloss = (
        '<TIER LINGUISTIC_TYPE_REF="gloss" PARENT_REF="R" TIER_ID="R-en"><ANNOTATION><REF_ANNOTATION ANNOTATION_ID="z" '
        'ANNOTATION_REF="a24"><ANNOTATION_VALUE>a gloss</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION></TIER>'
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><ANNOTATION_DOCUMENT AUTHOR="" FORMAT="3.0"><HEADER TIME_UNITS="milliseconds"/>'
        f"<TIME_ORDER>{slots}</TIME_ORDER>{tier('Rita Okoye')}{tier('Tomas Berg')}{gloss}</ANNOTATION_DOCUMENT>"
    ).encode()


def _trs() -> bytes:
    turns = "".join(
        f'<Turn speaker="{_START[who]}" startTime="{a}" endTime="{b}"><Sync time="{a}"/>\n{said}\n</Turn>'
        for a, b, who, said in TALK
    )
    people = "".join(f'<Speaker id="{code}" name="{name}"/>' for name, code in _START.items())
    return (
        f'<?xml version="1.0" encoding="ISO-8859-1"?>\n<!DOCTYPE Trans SYSTEM "trans-14.dtd">\n<Trans><Speakers>{people}</Speakers>'
        f'<Episode><Section type="report" startTime="0" endTime="4000">{turns}</Section></Episode></Trans>'
    ).encode()


def _tei() -> bytes:
    people = "".join(
        f'<person xml:id="{code}"><persName>{name}</persName></person>' for name, code in _START.items()
    )
    marks = "".join(
        f'<when xml:id="T{at}" interval="{value}" since="#T"/>' for at, value in enumerate(_SLOTS)
    )
    said = "".join(
        f'<annotationBlock who="#{_START[who]}" start="#T{_SLOTS.index(a)}" end="#T{_SLOTS.index(b)}"><u><seg>{words}</seg></u>'
        "</annotationBlock>"
        for a, b, who, words in TALK
    )
    return (
        f'<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><profileDesc><particDesc><listPerson>{people}</listPerson></particDesc>'
        f'</profileDesc></teiHeader><text><timeline unit="s" origin="#T"><when xml:id="T"/>{marks}</timeline><body>{said}</body></text></TEI>'
    ).encode()


def _ttml() -> bytes:
    agents = "".join(
        f'<ttm:agent xml:id="{code}"><ttm:name>{name}</ttm:name></ttm:agent>' for name, code in _START.items()
    )
    said = "".join(
        f'<p begin="{clock(a, "00:00:00.000")}" end="{b}s" ttm:agent="{_START[who]}">{words.replace(", ", ",<br/>", 1)}</p>'
        for a, b, who, words in TALK
    )
    return (
        f'<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttm="http://www.w3.org/ns/ttml#metadata"><head><metadata>{agents}</metadata></head>'
        f"<body><div>{said}</div></body></tt>"
    ).encode()


def _chat() -> bytes:
    said = "\n".join(
        f"*{_START[who]}:\t{words} \x15{int(a * 1000)}_{int(b * 1000)}\x15\n%mor:\tpro|it"
        for a, b, who, words in TALK
    )
    return (
        "@UTF8\n@Begin\n@Languages:\teng\n@Participants:\tRIT Rita_Okoye Interviewer, TOM Tomas_Berg Participant\n"
        f"@Comment:\tsample\n{said}\n@End\n"
    ).encode()


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


def _whisper_words(word: str = "word", scale: float = 1.0) -> list[dict[str, object]]:
    return [
        {
            "start": a * scale,
            "end": b * scale,
            "text": f" {said}",
            "speaker": who,
            "words": [{word: w, "start": s * scale, "end": e * scale} for w, s, e in timed_words(a, b, said)],
        }
        for a, b, who, said in TALK
    ]


def _amazon() -> bytes:
    items: list[dict[str, object]] = []
    segments = []
    for a, b, who, said in TALK:
        segment = []
        for word, start, end in timed_words(a, b, said):
            bare = word.rstrip(",.?:")
            item = {"start_time": str(start), "end_time": str(end), "speaker_label": who}
            segment.append(item)
            items.append(
                {**item, "type": "pronunciation", "alternatives": [{"confidence": "1.0", "content": bare}]}
            )
            if bare != word:
                mark = {"confidence": "0.0", "content": word[len(bare) :]}
                items.append({"type": "punctuation", "alternatives": [mark]})
        segments.append({"start_time": str(a), "end_time": str(b), "speaker_label": who, "items": segment})
    return _json(
        {
            "jobName": "x",
            "results": {
                "transcripts": [{"transcript": " ".join(WORDS)}],
                "speaker_labels": {"speakers": 2, "segments": segments},
                "items": items,
            },
            "status": "COMPLETED",
        }
    )


def _google() -> bytes:
    results: list[dict[str, object]] = [
        {"alternatives": [{"transcript": said, "confidence": 0.9}], "resultEndTime": f"{b}s"}
        for _a, b, _who, said in TALK
    ]
    words = [
        {"startTime": f"{s}s", "endTime": f"{e}s", "word": w, "speakerTag": 1 + (who == "Tomas Berg")}
        for a, b, who, said in TALK
        for w, s, e in timed_words(a, b, said)
    ]
    return _json({"results": [*results, {"alternatives": [{"words": words}]}]})


def _azure() -> bytes:
    return _json(
        {
            "source": "x",
            "recognizedPhrases": [
                {
                    "speaker": 1 + (who == "Tomas Berg"),
                    "offset": f"PT{a}S",
                    "duration": f"PT{round(b - a, 3)}S",
                    "offsetInTicks": a * 1e7,
                    "durationInTicks": (b - a) * 1e7,
                    "nBest": [
                        {
                            "display": said,
                            "words": [
                                {"word": w.lower(), "offset": f"PT{s}S", "duration": f"PT{round(e - s, 3)}S"}
                                for w, s, e in timed_words(a, b, said)
                            ],
                        }
                    ],
                }
                for a, b, who, said in TALK
            ],
        }
    )


def _deepgram() -> bytes:
    words, paragraphs = [], []
    for a, b, who, said in TALK:
        speaker = int(who == "Tomas Berg")
        paragraphs.append(
            {"sentences": [{"text": said, "start": a, "end": b}], "speaker": speaker, "start": a, "end": b}
        )
        words += [
            {"word": w.lower().strip(",.?"), "punctuated_word": w, "start": s, "end": e, "speaker": speaker}
            for w, s, e in timed_words(a, b, said)
        ]
    best = {"transcript": " ".join(WORDS), "words": words, "paragraphs": {"paragraphs": paragraphs}}
    return _json({"metadata": {"duration": 3700}, "results": {"channels": [{"alternatives": [best]}]}})


def _assemblyai() -> bytes:
    said = [
        {**one, "text": str(one["text"]).strip(), "speaker": "AB"[one["speaker"] == "Tomas Berg"]}
        for one in _whisper_words("text", 1000)
    ]
    return _json({"id": "x", "text": " ".join(WORDS), "words": [], "utterances": said, "audio_url": "x"})


def _speechmatics() -> bytes:
    results: list[dict[str, object]] = []
    for a, b, who, said in TALK:
        speaker = "S2" if who == "Tomas Berg" else "S1"
        for word, start, end in timed_words(a, b, said):
            bare = word.rstrip(",.?:")
            best = {"content": bare, "confidence": 1.0, "speaker": speaker}
            results.append({"type": "word", "start_time": start, "end_time": end, "alternatives": [best]})
            if bare != word:
                mark = {"content": word[len(bare) :], "speaker": speaker}
                results.append(
                    {"type": "punctuation", "start_time": end, "end_time": end, "alternatives": [mark]}
                )
    return _json({"format": "2.9", "job": {}, "results": results})


def _rev_ai() -> bytes:
    monologues = []
    for a, b, who, said in TALK:
        elements: list[dict[str, object]] = []
        for word, start, end in timed_words(a, b, said):
            bare = word.rstrip(",.?:")
            elements.append({"type": "text", "value": bare, "ts": start, "end_ts": end, "confidence": 1})
            elements.append({"type": "punct", "value": word[len(bare) :] + " "})
        monologues.append({"speaker": int(who == "Tomas Berg"), "elements": elements})
    return _json({"monologues": monologues})


def _whispercpp() -> bytes:
    return _json(
        {
            "systeminfo": "AVX",
            "transcription": [
                {
                    "timestamps": {"from": clock(a, "00:00:00,000"), "to": clock(b, "00:00:00,000")},
                    "offsets": {"from": round(a * 1000), "to": round(b * 1000)},
                    "text": f" {said}",
                }
                for a, b, _who, said in TALK
            ],
        }
    )


def _rolling() -> bytes:
    """YouTube's captions: each cue shows the line above again, and a cue of 10 ms shows it alone."""
    blocks, before = [], " "
    for a, b, _who, said in TALK:
        (first, _s, _e), *rest = timed_words(a, b, said)
        line = first + "".join(f"<{clock(s, '00:00:00.000')}><c> {w}</c>" for w, s, _e in rest)
        times = f"{clock(a, '00:00:00.000')} --> {clock(b - 0.01, '00:00:00.000')}"
        again = f"{clock(b - 0.01, '00:00:00.000')} --> {clock(b, '00:00:00.000')}"
        blocks.append(
            f"{times} align:start position:0%\n{before}\n{line}\n\n{again} align:start position:0%\n{said}\n "
        )
        before = said
    return ("WEBVTT\nKind: captions\nLanguage: en\n\n" + "\n\n".join(blocks)).encode()


def _rtf() -> bytes:
    body = "".join(f"\\pard {who}: {said} #{clock(b, '00:00:00-0')}#\\par\n" for _a, b, who, said in TALK)
    return f"{{\\rtf1\\ansi\\ansicpg1252\\deff0{{\\fonttbl{{\\f0 Arial;}}}}{{\\info{{\\title x}}}}\n{body}}}".encode()


def _sheet() -> bytes:
    rows: list[list[str | float]] = [[who, a / 86400, said] for a, _b, who, said in TALK]
    return xlsx([["Speaker", "Start", "Text"], *rows])


EXACT, WHOLE, UNTIMED, ENDS = 0.05, 1.0, None, -1.0  # how closely a layout gives starts, in seconds

# Name -> file, how closely starts are given, whether speakers are named.
LAYOUTS: dict[str, tuple[bytes, float | None, bool]] = {
    "zoom.vtt": (_vtt(lambda _a, _b, who, said: f"{who}: {said}"), EXACT, True),
    "zoom.txt": (written(lambda a, _b, who, said: f"[{who}] {clock(a, '00:00:00')}\n{said}"), WHOLE, True),
    "teams.vtt": (_vtt(lambda _a, _b, who, said: f"<v {who}>{said}</v>"), EXACT, True),
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
        _json(
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
    "f4.rtf": (_rtf(), ENDS, True),
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
    "talk.eaf": (_eaf(), EXACT, True),
    "talk.trs": (_trs(), EXACT, True),
    "talk.tei.xml": (_tei(), EXACT, True),
    "talk.ttml": (_ttml(), EXACT, True),
    "talk.cha": (_chat(), EXACT, True),
    "ass-tags.srt": (_srt(lambda _a, _b, who, said: f"{{\\an8}}<i>{who}</i>: {said}"), EXACT, True),
    "brackets.srt": (_srt(lambda _a, _b, who, said: f"[{who}] {said}"), EXACT, True),
    "no-space.srt": (_srt(lambda _a, _b, who, said: f"{who.upper()}:{said}"), EXACT, True),
    "full-width.vtt": (_vtt(lambda _a, _b, who, said: f"{who}：{said}"), EXACT, True),
    "marks.vtt": (_vtt(lambda _a, _b, who, said: f"\u200f{who}\u200f: \u200f{said}"), EXACT, True),
    "w3c.vtt": (
        _vtt(
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
    "table.xlsx": (_sheet(), EXACT, True),
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
        _json({"text": " ".join(WORDS), "segments": _whisper_words(), "language": "en"}),
        EXACT,
        True,
    ),
    "faster-whisper.json": (_json(_whisper_words()), EXACT, True),
    "whispercpp.json": (_whispercpp(), EXACT, False),
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
    "whisperx.srt": (_srt(lambda _a, _b, who, said: f"[{who}]: {said}"), EXACT, True),
    "youtube.vtt": (_rolling(), EXACT, False),
    "youtube-copied.txt": (
        written(lambda a, _b, _who, said: f"{clock(a, '0:00')}\n{said}", between="\n"),
        WHOLE,
        False,
    ),
    "amazon.json": (_amazon(), EXACT, True),
    "google.json": (_google(), EXACT, True),
    "azure.json": (_azure(), EXACT, True),
    "deepgram.json": (_deepgram(), EXACT, True),
    "assemblyai.json": (_assemblyai(), EXACT, True),
    "speechmatics.json": (_speechmatics(), EXACT, True),
    "rev-ai.json": (_rev_ai(), EXACT, True),
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
