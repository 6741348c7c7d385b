"""What anyone can read of a cohort: its report as page and PDF, the page of its treatment, and what a case study
of this treatment says of all treated as page, PDF, CSV and JSON, and in a filtered list.

`statements` reads numbers of people from the text of any of them, as a reader would.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from bs4 import BeautifulSoup
from django.test import Client
from pypdf import PdfReader

from cohorts.models import Cohort, CohortReportPage
from tests import factories as make
from tests.casestudies.factories import CaseStudyPageFactory, case_study_index

OUTCOMES = {"improved": "improved", "no change": "unchanged", "worse": "worse", "lost to follow-up": "lost"}
FOLLOWED = ("improved", "unchanged", "worse")
AGES = {
    "Under 3": "0-2", "3 to 5": "3-5", "6 to 11": "6-11", "12 to 17": "12-17", "18 to 64": "18-64",
    "65 or over": "65",
}  # fmt: skip
SEXES = {"Female": "female", "Male": "male", "Other": "other"}
_ONE = "(?:" + "|".join(OUTCOMES) + ")"
_GROUP = rf"{_ONE}(?:, {_ONE})*(?: or {_ONE})?"
_COUNT = r"(\d[\d,]*)"

# Part, key of a cell in it: ("outcome", "improved"), ("ages", "0-2"), ("treated",), ("measured", 12).
Cell = tuple[Any, ...]


@dataclass(frozen=True)
class Statement:
    """That the cells together are about `count` people. `share`: of those followed up, in percent, or None."""

    cells: tuple[Cell, ...]
    count: int
    share: int | None = None


@dataclass(frozen=True)
class Outputs:
    """The addresses at which a cohort can be read."""

    report: CohortReportPage
    case: Any | None

    def texts(self, client: Client) -> Iterator[tuple[str, str]]:
        """Yield (name, text) of everything that is public now: without a case study, of the report only."""
        yield "page", page_text(client, self.report.url)
        yield "PDF", pdf_text(client.get(f"{self.report.url}pdf/").content)
        if self.case is None:
            return
        yield "treatment", page_text(client, self.report.get_parent().url)
        yield "case study", page_text(client, self.case.url)
        yield "case study PDF", pdf_text(client.get(f"{self.case.url}pdf/").content)
        for kind in ("csv", "json"):
            answer = client.get(f"{self.case.url}{kind}/")
            assert answer.status_code == 200, kind
            yield f"case study {kind}", answer.content.decode()
        cohort = self.report.cohort
        chosen = {"condition": cohort.condition.slug, "treatment": cohort.treatment.slug}
        yield "filtered list", page_text(client, case_study_index().url, **chosen)


def outputs_of(made: Cohort, *, with_case: bool = True) -> Outputs:
    """Publish the pages on which a cohort can be read, with or without a case study of the same treatment."""
    parent = make.TreatmentPageFactory(condition=made.condition, treatment=made.treatment)
    page = CohortReportPage(title="Descriptive statistical report", slug="report", cohort=made)
    parent.add_child(instance=page)
    page.save_revision().publish()
    found = CohortReportPage.objects.get(pk=page.pk)
    if not with_case:
        return Outputs(found, None)
    observations = [{"measure": "Steps", "months": months, "value": "7"} for months in (0, 12)]
    case = CaseStudyPageFactory(
        conditions=[made.condition], treatments=[made.treatment], observations=observations
    )
    return Outputs(found, case)


def page_text(client: Client, url: str, **query: str) -> str:
    answer = client.get(url, query)
    assert answer.status_code == 200, url
    soup = BeautifulSoup(answer.content.decode(), "html.parser")
    return " ".join(soup.get_text(" ", strip=True).split())


def pdf_text(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(bytes(pdf))).pages).split())


def statements(text: str) -> set[Statement]:
    """Return every number of people that a text gives of a cohort that is read a year after treatment."""
    return set(chain(_totals(text), _outcomes(text), _tables(text), _shares(text)))


def _totals(text: str) -> Iterator[Statement]:
    for pattern in (
        rf"(?:About|More than) {_COUNT} (?:people were|person was) treated",
        rf"(?:Treated|Patients treated):? (?:about )?{_COUNT}\b",
        rf"\b{_COUNT} dots, one for each person treated",
    ):
        yield from (Statement((("treated",),), _number(found)) for found in re.findall(pattern, text))
    followed = tuple(("outcome", name) for name in FOLLOWED)
    for pattern in (
        rf"\b{_COUNT} of them (?:were|was) followed up",
        rf"Analysed: {_COUNT}\b",
        rf"Followed up for a year (?:about )?{_COUNT}\b",
    ):
        yield from (Statement(followed, _number(found)) for found in re.findall(pattern, text))
    yield from (
        Statement((("seen",),), _number(found)) for found in re.findall(rf"Followed up: {_COUNT}\b", text)
    )


def _outcomes(text: str) -> Iterator[Statement]:
    for words, count in re.findall(rf"({_GROUP}): {_COUNT}\b", text):
        yield _group(words, count)
    for count, words in re.findall(rf"\b{_COUNT} ({_GROUP})(?=[.;]|,(?! {_ONE})| (?!or ))", text):
        yield _group(words, count)
    for count in re.findall(rf"\b{_COUNT} (?:did not change|had no change)", text):
        yield _group("no change", count)
    for count in re.findall(rf"\b{_COUNT} got worse", text):
        yield _group("worse", count)
    for count in re.findall(rf"(?:The other |\b){_COUNT} (?:or more )?were lost to follow-up", text):
        yield _group("lost to follow-up", count)
    for count in re.findall(rf"Lost to follow-up: {_COUNT}\b", text):
        yield _group("lost to follow-up", count)


def _tables(text: str) -> Iterator[Statement]:
    for part, labels in (("ages", AGES), ("sexes", SEXES)):
        after = text.partition({"ages": "Years People", "sexes": "Sex People"}[part])[2][:200]
        for label, name in labels.items():
            if found := re.search(rf"(?<!to ){label} {_COUNT}(?= |$)", after):
                yield Statement(((part, name),), _number(found[1]))
    values = text.partition("Missing values are not estimated")[2][:600]
    for label, months in (("Before treatment", 0), ("12 months", 12)):
        if found := re.search(rf"{label} {_COUNT} (?=\d|not|–)", values):
            yield Statement((("measured", months),), _number(found[1]))


def _shares(text: str) -> Iterator[Statement]:
    """The share of those followed up that stands next to a number: 'Improved 30 43% 35%', '30 (43%, 32 to'."""
    for label, count, share in re.findall(rf"(Improved|No change|Worse) {_COUNT} (\d+)% \d+%", text):
        yield _group(label.lower(), count, int(share))
    row = re.search(rf"12 months {_COUNT}((?: {_COUNT} \(\d+%, \d+ to \d+%\)){{3}})", text)
    if row:
        counts = re.findall(rf"{_COUNT} \((\d+)%", row[2])
        for name, (count, share) in zip(OUTCOMES, counts, strict=False):
            yield _group(name, count, int(share))


def _group(words: str, count: str, share: int | None = None) -> Statement:
    names = re.findall(_ONE, words)
    return Statement(tuple(("outcome", OUTCOMES[name]) for name in names), _number(count), share)


def _number(words: str) -> int:
    return int(words.replace(",", ""))
