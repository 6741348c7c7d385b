"""The sample report: the committed PDF is the one that the source gives, tagged, with the site's own figures."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from demo import report_pdf
from demo.content import Content


@pytest.fixture(scope="module")
def report() -> PdfReader:
    return PdfReader(report_pdf.PDF)


def text_of(path: Path) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).split())


def test_the_committed_pdf_is_what_the_source_gives(tmp_path: Path) -> None:
    (tmp_path / "made.pdf").write_bytes(report_pdf.render())
    assert text_of(report_pdf.PDF) == text_of(tmp_path / "made.pdf"), "run manage.py make_demo_report"


def test_the_pdf_is_tagged_and_says_what_it_is(report: PdfReader) -> None:
    root: Any = report.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert "<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data().decode()
    assert report.metadata.title.endswith("(sample)")
    assert all("SAMPLE" in page.extract_text() for page in report.pages)


def test_the_pdf_has_the_figures_of_the_treatment_page() -> None:
    head = next(text.head for text in Content().treatments if text.head["key"] == "treatment-cp")
    figures = {
        "Improved": head["improved"],
        "No change": head["unchanged"],
        "Worse": head["worse"],
        "Lost to follow-up": head["treated"] - head["followed_up"],
        "All treated": head["treated"],
    }
    text = text_of(report_pdf.PDF)
    assert {name for name, people in figures.items() if not re.search(rf"{name} {people:,}\b", text)} == set()
