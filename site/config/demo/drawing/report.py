"""The sample statistical report as a small PDF: written by hand, so that it needs no library.

PDF 1.7 with the standard fonts Helvetica and Helvetica-Bold, WinAnsi letters, a title, a language and bookmarks.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

PAGE = (595, 842)
LEFT, TOP = 64, 778
# The sample figures of the treatment page: treated, then improved, no change, worse, not seen again.
TREATED, SEEN = 1240, 380
ROWS = (("Improved", 210), ("No change", 150), ("Worse", 20), ("Not seen again", 860))

Line = tuple[str, str]

PAGES: tuple[tuple[str, tuple[Line, ...]], ...] = (
    (
        "Descriptive Statistical Report",
        (
            ("mark", "SAMPLE. The split of the figures is invented to show what such a report looks like."),
            ("title", "Descriptive Statistical Report"),
            ("subtitle", "Cerebral palsy and cell therapy: the first year after treatment"),
            ("gap", ""),
            ("head", "What this report is"),
            (
                "text",
                "A study that looks back. It describes people with cerebral palsy who were treated with",
            ),
            (
                "text",
                "stem cells in hospitals of our partner since 2005, and what was written down about them in",
            ),
            ("text", "the first year after treatment. The partner counts over 1,240 people treated."),
            ("gap", ""),
            ("head", "How it was made"),
            ("text", "Records of everybody treated were read after the event. Nothing was planned before."),
            (
                "text",
                "People were asked to come back, or to write, 12 months after treatment. Doctors, therapists",
            ),
            (
                "text",
                "and families said whether movement, hands, speech or sight had improved, had not changed,",
            ),
            ("text", "or were worse. No single measure was used for everybody."),
            ("gap", ""),
            ("head", "What it found"),
            ("table", ""),
            ("gap", ""),
            ("text", "Of 100 people treated, 69 were not seen again. Nobody knows how they are."),
        ),
    ),
    (
        "Limits",
        (
            ("mark", "SAMPLE. The split of the figures is invented to show what such a report looks like."),
            ("head", "What it cannot tell you"),
            (
                "text",
                "1. Whether the treatment was the reason. Nobody was compared with people who did not have it.",
            ),
            ("text", "    Children grow, learn and have physiotherapy in the same year."),
            (
                "text",
                "2. What happened to most people. Seven in ten were not seen again. Families with good news",
            ),
            ("text", "    may answer more often, so the share who improved may be lower than it looks."),
            ("text", "3. How much somebody improved. ‘Improved’ can be small or large here."),
            ("text", "4. What happens after the first year."),
            ("gap", ""),
            ("head", "Unwanted effects"),
            (
                "text",
                "Headache, sickness and fever for a day or two were written down often, mostly after a lumbar",
            ),
            (
                "text",
                "puncture. They were not counted in the same way in all hospitals, so no number is given.",
            ),
            ("text", "The report could not find out whether rare and serious effects were missed."),
            ("gap", ""),
            ("head", "Who made it, and who paid"),
            (
                "text",
                "Made and paid for by the partner, which offers the treatment. Not reviewed by anybody outside.",
            ),
            ("gap", ""),
            ("head", "Ask before you decide"),
            (
                "text",
                "How many people like us were not helped? How many got worse? Who measured, and did that",
            ),
            ("text", "person know about the treatment? Is there a trial we could join, where we do not pay?"),
        ),
    ),
)

STYLES = {
    "title": ("B", 25, 32),
    "subtitle": ("R", 14, 24),
    "head": ("B", 14, 23),
    "text": ("R", 11, 17),
    "mark": ("B", 9, 40),
}


def make_report(target: Path) -> None:
    target.write_bytes(pdf("Descriptive Statistical Report: cerebral palsy and cell therapy (sample)", PAGES))


def pdf(title: str, pages: Iterable[tuple[str, tuple[Line, ...]]]) -> bytes:
    """The bytes of the whole file, with a correct cross-reference table."""
    sheets = list(pages)
    count = len(sheets)
    first = 6
    # Objects by number: 1 catalogue, 2 pages, 3 and 4 fonts, 5 information, then page, content and bookmark of each.
    objects: dict[int, bytes] = {
        1: b"<< /Type /Catalog /Pages 2 0 R /Lang (en) /Outlines %d 0 R /ViewerPreferences << /DisplayDocTitle true >> >>"
        % (first + 3 * count),
        2: b"<< /Type /Pages /Count %d /Kids [%s] >>"
        % (count, b" ".join(b"%d 0 R" % (first + 3 * n) for n in range(count))),
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        4: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        5: b"<< /Title (%s) /Author (Returning Hope, sample content) >>" % escape(title),
    }
    outline = first + 3 * count
    for n, (name, lines) in enumerate(sheets):
        page, content, mark = first + 3 * n, first + 3 * n + 1, first + 3 * n + 2
        stream = page_stream(lines, f"{n + 1} of {count}")
        objects[page] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R "
            b"/Resources << /Font << /R 3 0 R /B 4 0 R >> >> >>" % (*PAGE, content)
        )
        objects[content] = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream)
        around = (b" /Prev %d 0 R" % (mark - 3) if n else b"") + (
            b" /Next %d 0 R" % (mark + 3) if n < count - 1 else b""
        )
        objects[mark] = b"<< /Title (%s) /Parent %d 0 R /Dest [%d 0 R /Fit]%s >>" % (
            escape(name),
            outline,
            page,
            around,
        )
    objects[outline] = b"<< /Type /Outlines /Count %d /First %d 0 R /Last %d 0 R >>" % (
        count,
        first + 2,
        outline - 1,
    )
    body = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number in sorted(objects):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, objects[number])
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    body += b"".join(b"%010d 00000 n \n" % place for place in places)
    body += b"trailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(places) + 1,
        start,
    )
    return bytes(body)


def page_stream(lines: Iterable[Line], foot: str) -> bytes:
    parts: list[bytes] = []
    y = TOP
    for style, words in lines:
        if style == "gap":
            y -= 14
        elif style == "table":
            y = table(parts, y)
        else:
            font, size, step = STYLES[style]
            parts.append(text(LEFT, y, words, font, size))
            y -= step
    parts.append(text(LEFT, 48, f"Sample content. Returning Hope. Page {foot}.", "R", 9))
    return b"\n".join(parts)


def table(parts: list[bytes], y: int) -> int:
    """The figures with a bar for each row; returns where the next line goes."""
    columns = (LEFT, LEFT + 120, LEFT + 180, LEFT + 270)
    parts.append(text(LEFT, y, "People treated for cerebral palsy, 12 months after", "B", 11))
    y -= 22
    for x, words in zip(columns, ("What happened", "People", "Of those seen", "Of all treated"), strict=True):
        parts.append(text(x, y, words, "R", 9))
    y -= 18
    for name, people in ROWS:
        of_seen = "-" if name == "Not seen again" else f"{people / SEEN:.0%}"
        for x, words in zip(columns, (name, f"{people:,}", of_seen, f"{people / TREATED:.0%}"), strict=True):
            parts.append(text(x, y, words, "R", 11))
        parts.append(b"0.31 0.62 0.60 rg %d %d %.1f 9 re f 0 g" % (LEFT + 340, y - 1, 120 * people / TREATED))
        y -= 18
    parts.append(text(columns[0], y, "All treated", "B", 11))
    parts.append(text(columns[1], y, f"{TREATED:,}", "B", 11))
    return y - 20


def text(x: int, y: int, words: str, font: str, size: int) -> bytes:
    return b"BT /%s %d Tf %d %d Td (%s) Tj ET" % (font.encode(), size, x, y, escape(words))


def escape(words: str) -> bytes:
    return words.encode("cp1252").replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")
