"""The sample statistical report: a Typst source in `demo/media/documents`, and the PDF that is compiled from
it.

The PDF is tagged, declares PDF/UA-1 (ISO 14289-1), and is the same bytes each time. It is committed, so
loading the demo compiles nothing.
"""

from __future__ import annotations

import datetime as dt

import typst

from demo.content import HERE
from demo.site_builder import REVIEWED
from figures.pdf import FONTS

PDF = HERE / "media" / "documents" / "descriptive-statistical-report.pdf"
SOURCE = PDF.with_suffix(".typ")


def render() -> bytes:
    """Return the PDF that the source gives. Raises typst.TypstError."""
    # Without the fonts of the machine, which differ.
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])
    compiler = typst.Compiler(
        str(SOURCE), root=str(SOURCE.parent), font_paths=fonts, ignore_system_fonts=True
    )
    made_at = dt.datetime.combine(REVIEWED, dt.time(12), tzinfo=dt.UTC)
    made = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=made_at)
    if not isinstance(made, bytes):
        raise TypeError("Typst returned no PDF.")
    return made
