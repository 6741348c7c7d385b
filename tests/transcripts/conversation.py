"""One invented conversation, and what writes it into files: text, DOCX, XLSX."""

from __future__ import annotations

import io
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
# How closely a layout gives starts, in seconds.
EXACT, WHOLE, UNTIMED, ENDS = 0.05, 1.0, None, -1.0
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
