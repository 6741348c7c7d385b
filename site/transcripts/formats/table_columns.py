"""What the columns of a table hold, by their headings or by their cells. Pure."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence

from transcripts.cues import seconds
from transcripts.stamps import STAMP

HEADINGS = {
    "speaker": "speaker|speakers|speaker name|speakername|speaker label|speaker id|who|name|voice|"
    "participant|person|sprecher|sprecherin|sprecher:in|sprecher/in|locuteur|locutrice|intervenant|orateur|hablante|"
    "interlocutor|persona|parlante|oratore|falante|orador|vorbitor|konuşmacı|говорящий|спикер|المتحدث|דובר|"
    "说话人|發言人|発言者|話者",
    "words": "words|text|transcript|transcription|utterance|content|said|sentence|dialogue|dialog|caption|"
    "subtitle|body|speech|segment|paragraph|spoken text|transkript|transkription|äußerung|inhalt|texte|"
    "contenu|texto|contenido|testo|conteúdo|transcripción|transcrição|trascrizione|metin|текст|النص|טקסט|"
    "内容|文本|テキスト",
    "start": "start|time|times|begin|start time|starttime|begin time|timestamp|timestamps|in|from|timecode|"
    "time code|start timecode|start tc|in timecode|"
    "timecode in|tc in|tc|in point|source in|record in|offset|timespan|time span|time range|"
    "zeit|zeitmarke|beginn|zeitstempel|début|temps|minutage|inicio|tiempo|tempo|inizio|început|başlangıç|"
    "время|начало|start s|start ms|start seconds|start milliseconds|start sec|from ms|开始时间|开始|時間",
    "end": "end|stop|end time|endtime|out|to|until|end timecode|end tc|out timecode|"
    "timecode out|tc out|out point|source out|record out|"
    "ende|fin|fin de|final|fine|sfârșit|bitiş|конец|end s|end ms|end seconds|end milliseconds|end sec|to ms|"
    "结束时间|结束",
    "duration": "duration|dur|length|dauer|durée|duración|durata|duração",
}
_MEANINGS = {name: meaning for meaning, names in HEADINGS.items() for name in names.split("|")}
_TIME = re.compile(rf"[ \t]*{STAMP}[ \t]*")
_LONG = 2  # times as long as the other column: then it holds the words
MOST_COLUMNS = 60


def headings(row: Sequence[str]) -> dict[str, int] | None:
    """Return the meaning of each column; None if the row does not hold headings."""
    columns: dict[str, int] = {}
    for index, cell in enumerate(row[:MOST_COLUMNS]):
        name = re.sub(r"[_()\[\]:.\s]+", " ", cell.strip("\ufeff").casefold()).strip()
        if meaning := _MEANINGS.get(name):
            columns.setdefault(meaning, index)
    return columns if "words" in columns and len(columns) > 1 else None


def is_time(cell: str) -> bool:
    """Return whether a cell holds a time, or two with a dash between them."""
    return bool(_TIME.fullmatch(cell)) or seconds(cell) is not None


def columns_of(rows: Sequence[Sequence[str]]) -> dict[str, int] | None:
    """Return the meaning of each column of a table without headings; None for a table with one column.

    Times are in the columns of times; the longest cells are words. If that is not clear, the order is
    speaker, words, start, end.
    """
    sample = rows[:500]
    width = min(max((len(row) for row in sample), default=0), MOST_COLUMNS)
    if width < 2:
        return None
    cells = [[row[at].strip() for row in sample if at < len(row) and row[at].strip()] for at in range(width)]
    times = [
        at for at in range(width) if cells[at] and sum(map(is_time, cells[at])) * 5 >= len(cells[at]) * 4
    ]
    rest = [at for at in range(width) if cells[at] and at not in times]
    if not rest:
        return None
    found = dict(zip(("start", "end"), times, strict=False))
    lengths = {at: statistics.fmean(map(len, cells[at])) for at in rest}
    if len(rest) == 1:
        return {"words": rest[0], **found}
    longest = max(rest, key=lambda at: lengths[at])
    second = max((at for at in rest if at != longest), key=lambda at: lengths[at])
    if lengths[longest] < _LONG * lengths[second]:
        longest = rest[1]
    speakers = [at for at in rest if at != longest and len(set(cells[at])) < max(len(cells[at]), 3)]
    return {"words": longest, **({"speaker": speakers[0]} if speakers else {}), **found}
