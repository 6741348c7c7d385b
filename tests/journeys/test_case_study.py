"""A clinician writes a case study with two measures at four times; a visitor reads it and takes it away."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from google.protobuf.json_format import Parse
from phenopackets import Phenopacket
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from casestudies.care import CHECKLIST
from casestudies.models import CaseStudyPage
from measures.models import Measure
from tests.browser import Watch
from tests.casestudies.factories import CaseStudyPageFactory

pytestmark = pytest.mark.journey

MEASURED = {
    "GMFM-66": {-3: "50.8", 0: "51.2", 3: "53.4", 12: "55.6"},
    "6-minute walk": {-3: "210", 0: "214", 3: "230", 12: "241"},
}
REASON = "Not part of what this example is about."
PLAIN = {
    "keywords": "cerebral palsy, case report",
    "abstract_adds": "Measured before and after, by the same person.",
    "abstract_findings": "A girl with stiff legs.",
    "abstract_interventions": "Physiotherapy three times a week.",
    "abstract_conclusion": "One case shows no cause.",
    "perspective": "She climbs the stairs now. I do not know why.",
    "consent_statement": "The parents gave written consent.",
}


def answered(tab: Page) -> int:
    return int(tab.locator("[data-care-count]").inner_text().split()[0])


def type_rich_text(tab: Page, field: str, words: str) -> None:
    tab.locator(f'[data-contentpath="{field}"] .public-DraftEditor-content').first.click()
    tab.keyboard.type(words)


def measure(tab: Page, row: int, name: str, months: int, value: str) -> None:
    tab.locator("#id_observations-ADD").click()
    prefix = f"#id_observations-{row}-"
    tab.locator(f"{prefix}outcome_measure").select_option(str(Measure.objects.get(name=name).pk))
    tab.locator(f"{prefix}months").fill(str(months))
    tab.locator(f"{prefix}value").fill(value)
    tab.locator(f"{prefix}assessed_by").select_option("clinician")


def write(tab: Page) -> None:
    """From an empty draft to one that may be published; the list of what is missing follows the hands."""
    count = tab.locator("[data-care-count]")
    start = answered(tab)
    for number, (name, words) in enumerate(PLAIN.items(), start=1):
        tab.locator(f"#id_{name}").fill(words)
        expect(count).to_have_text(re.compile(rf"^{start + number} of 28"))
    expect(tab.locator('[data-care-item="12"]')).to_be_hidden()
    type_rich_text(tab, "history", "Born at 31 weeks.")
    expect(tab.locator('[data-care-item="5c"]')).to_be_hidden()
    row = 0
    for name, values in MEASURED.items():
        for months, value in values.items():
            measure(tab, row, name, months, value)
            row += 1
    expect(tab.locator('[data-care-item="10a"]')).to_be_hidden()
    assert answered(tab) == start + len(PLAIN) + 2


def explain_gaps(tab: Page) -> None:
    for item in CHECKLIST:
        gap = tab.locator(f'[data-care-item="{item.number}"]')
        if gap.locator("textarea").count() and gap.is_visible():
            if gap.locator("details:not([open])").count():
                gap.locator("summary").click()
            gap.locator("textarea").fill(REASON)


def choose_publish(tab: Page) -> None:
    footer = tab.locator("footer")
    footer.get_by_role("button", name=re.compile("more|toggle|actions", re.I)).last.click()
    footer.get_by_role("button", name="Publish", exact=True).click()


def saved(tab: Page, kind: str) -> Path:
    with tab.expect_download() as download:
        tab.locator(f'a[href$="/{kind}/save/"]').click()
    assert download.value.suggested_filename.endswith(f".{kind}")
    return Path(download.value.path())


def test_from_the_clinician_to_the_reader(
    editor_tab: Page, open_tab: Callable[..., Page], origin: str, watch: Watch
) -> None:
    # Wagtail saves as one types, and is refused while a row of a table is half filled in.
    watch.allow("status of 400")
    call_command("load_measures", verbosity=0)
    page = CaseStudyPageFactory(title="Stiff legs at seven: a case study", live=False, age_at_treatment=7)
    page.save_revision()
    tab = editor_tab
    tab.set_viewport_size({"width": 1280, "height": 1000})
    tab.goto(f"{origin}/admin/pages/{page.pk}/edit/")
    expect(tab.locator("[data-care-count]")).to_be_visible()
    write(tab)

    # Preview: the chart, while nothing is public.
    tab.get_by_role("button", name="Toggle preview").click()
    preview = tab.frame_locator("iframe[data-preview-iframe], iframe[title='Preview']").first
    expect(preview.locator("figure.chart svg")).to_have_count(2, timeout=30_000)
    tab.get_by_role("button", name="Toggle preview").click()
    assert not CaseStudyPage.objects.get(pk=page.pk).live

    # Refused while gaps have no reason; what was typed is still there.
    choose_publish(tab)
    expect(tab.get_by_text("Side effects: fill it in, or state why it is missing.").first).to_be_visible()
    expect(tab.locator("#id_abstract_findings")).to_have_value(PLAIN["abstract_findings"])
    explain_gaps(tab)
    choose_publish(tab)
    expect(tab.get_by_text(re.compile("has been published")).first).to_be_visible()

    # The reader.
    address = CaseStudyPage.objects.get(pk=page.pk).url
    reader = open_tab(accept_downloads=True)
    reader.goto(f"{origin}{address}")
    expect(reader.locator("figure.chart svg")).to_have_count(2)
    table = reader.locator("table", has=reader.locator("#measured"))
    for values in MEASURED.values():
        for value in values.values():
            expect(table).to_contain_text(value)
    expect(reader.locator("#gaps")).to_contain_text(REASON)

    document = PdfReader(saved(reader, "pdf"))
    root: Any = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    words = " ".join(one.extract_text() for one in document.pages)
    rows = list(csv.DictReader(io.StringIO(saved(reader, "csv").read_text("utf-8-sig"))))
    packet = Parse(saved(reader, "json").read_text(), Phenopacket())
    wanted = [
        (name, str(months), value) for name, values in MEASURED.items() for months, value in values.items()
    ]
    assert [(row["measure"], row["months"], row["value"]) for row in rows] == wanted
    assert [one.value.quantity.value for one in packet.measurements] == [
        float(value) for *_rest, value in wanted
    ]
    for name, _months, value in wanted:
        assert value in words
        assert name in words

    # The view opens in the browser, it does not save.
    for kind in ("pdf", "csv", "json"):
        answer = reader.request.get(f"{origin}{address}{kind}/")
        assert answer.status == 200
        assert answer.headers["content-disposition"].startswith("inline")
    assert (
        json.loads(reader.request.get(f"{origin}{address}json/").text())["metaData"][
            "phenopacketSchemaVersion"
        ]
        == "2.0"
    )
