"""The conversation in the formats that have a grammar of their own: captions, XML, and the JSON of services."""

from __future__ import annotations

import json

from tests.transcripts.conversation import TALK, WORDS, Line, clock, timed_words, written, xlsx


def srt_file(line: Line) -> bytes:
    return written(
        lambda a, b, who, said: (
            f"{clock(a, '00:00:00,000')} --> {clock(b, '00:00:00,000')}\n{line(a, b, who, said)}"
        )
    )


def vtt_file(line: Line, before: str = "WEBVTT\n\n") -> bytes:
    return written(
        lambda a, b, who, said: (
            f"{clock(a, '00:00:00.000')} --> {clock(b, '00:00:00.000')}\n{line(a, b, who, said)}"
        ),
        before,
    )


START = {"Rita Okoye": "RIT", "Tomas Berg": "TOM"}
SLOTS = sorted({at for start, end, _who, _said in TALK for at in (start, end)})


def eaf_file() -> bytes:
    slots = "".join(
        f'<TIME_SLOT TIME_SLOT_ID="ts{int(at * 1000)}" TIME_VALUE="{int(at * 1000)}"/>' for at in SLOTS
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


def trs_file() -> bytes:
    turns = "".join(
        f'<Turn speaker="{START[who]}" startTime="{a}" endTime="{b}"><Sync time="{a}"/>\n{said}\n</Turn>'
        for a, b, who, said in TALK
    )
    people = "".join(f'<Speaker id="{code}" name="{name}"/>' for name, code in START.items())
    return (
        f'<?xml version="1.0" encoding="ISO-8859-1"?>\n<!DOCTYPE Trans SYSTEM "trans-14.dtd">\n<Trans><Speakers>{people}</Speakers>'
        f'<Episode><Section type="report" startTime="0" endTime="4000">{turns}</Section></Episode></Trans>'
    ).encode()


def tei_file() -> bytes:
    people = "".join(
        f'<person xml:id="{code}"><persName>{name}</persName></person>' for name, code in START.items()
    )
    marks = "".join(f'<when xml:id="T{at}" interval="{value}" since="#T"/>' for at, value in enumerate(SLOTS))
    said = "".join(
        f'<annotationBlock who="#{START[who]}" start="#T{SLOTS.index(a)}" end="#T{SLOTS.index(b)}"><u><seg>{words}</seg></u>'
        "</annotationBlock>"
        for a, b, who, words in TALK
    )
    return (
        f'<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><profileDesc><particDesc><listPerson>{people}</listPerson></particDesc>'
        f'</profileDesc></teiHeader><text><timeline unit="s" origin="#T"><when xml:id="T"/>{marks}</timeline><body>{said}</body></text></TEI>'
    ).encode()


def ttml_file() -> bytes:
    agents = "".join(
        f'<ttm:agent xml:id="{code}"><ttm:name>{name}</ttm:name></ttm:agent>' for name, code in START.items()
    )
    said = "".join(
        f'<p begin="{clock(a, "00:00:00.000")}" end="{b}s" ttm:agent="{START[who]}">{words.replace(", ", ",<br/>", 1)}</p>'
        for a, b, who, words in TALK
    )
    return (
        f'<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttm="http://www.w3.org/ns/ttml#metadata"><head><metadata>{agents}</metadata></head>'
        f"<body><div>{said}</div></body></tt>"
    ).encode()


def chat_file() -> bytes:
    said = "\n".join(
        f"*{START[who]}:\t{words} \x15{int(a * 1000)}_{int(b * 1000)}\x15\n%mor:\tpro|it"
        for a, b, who, words in TALK
    )
    return (
        "@UTF8\n@Begin\n@Languages:\teng\n@Participants:\tRIT Rita_Okoye Interviewer, TOM Tomas_Berg Participant\n"
        f"@Comment:\tsample\n{said}\n@End\n"
    ).encode()


def as_json(value: object) -> bytes:
    return json.dumps(value).encode()


def whisper_words(word: str = "word", scale: float = 1.0) -> list[dict[str, object]]:
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


def amazon_file() -> bytes:
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
    return as_json(
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


def google_file() -> bytes:
    results: list[dict[str, object]] = [
        {"alternatives": [{"transcript": said, "confidence": 0.9}], "resultEndTime": f"{b}s"}
        for _a, b, _who, said in TALK
    ]
    words = [
        {"startTime": f"{s}s", "endTime": f"{e}s", "word": w, "speakerTag": 1 + (who == "Tomas Berg")}
        for a, b, who, said in TALK
        for w, s, e in timed_words(a, b, said)
    ]
    return as_json({"results": [*results, {"alternatives": [{"words": words}]}]})


def azure_file() -> bytes:
    return as_json(
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


def deepgram_file() -> bytes:
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
    return as_json({"metadata": {"duration": 3700}, "results": {"channels": [{"alternatives": [best]}]}})


def assemblyai_file() -> bytes:
    said = [
        {**one, "text": str(one["text"]).strip(), "speaker": "AB"[one["speaker"] == "Tomas Berg"]}
        for one in whisper_words("text", 1000)
    ]
    return as_json({"id": "x", "text": " ".join(WORDS), "words": [], "utterances": said, "audio_url": "x"})


def speechmatics_file() -> bytes:
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
    return as_json({"format": "2.9", "job": {}, "results": results})


def rev_ai_file() -> bytes:
    monologues = []
    for a, b, who, said in TALK:
        elements: list[dict[str, object]] = []
        for word, start, end in timed_words(a, b, said):
            bare = word.rstrip(",.?:")
            elements.append({"type": "text", "value": bare, "ts": start, "end_ts": end, "confidence": 1})
            elements.append({"type": "punct", "value": word[len(bare) :] + " "})
        monologues.append({"speaker": int(who == "Tomas Berg"), "elements": elements})
    return as_json({"monologues": monologues})


def whispercpp_file() -> bytes:
    return as_json(
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


def rolling_file() -> bytes:
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


def rtf_file() -> bytes:
    body = "".join(f"\\pard {who}: {said} #{clock(b, '00:00:00-0')}#\\par\n" for _a, b, who, said in TALK)
    return f"{{\\rtf1\\ansi\\ansicpg1252\\deff0{{\\fonttbl{{\\f0 Arial;}}}}{{\\info{{\\title x}}}}\n{body}}}".encode()


def sheet_file() -> bytes:
    rows: list[list[str | float]] = [[who, a / 86400, said] for a, _b, who, said in TALK]
    return xlsx([["Speaker", "Start", "Text"], *rows])
