"""A story that is published together with others is stored as if it had been published alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page

from approval.models import ApprovalLink
from consent.models import ConsentForm
from experiences import related_stories
from experiences.models import RelatedStory, StoryPage
from importing import publishing
from importing.models import ImportedStory
from publication.gate import NotPublic
from publication.models import Clearance
from tests import factories as make
from tests.importing import archives
from tests.importing.test_bulk import IGNORED, rows_of
from treatments.models import StoryBalance

pytestmark = pytest.mark.django_db
HEADINGS = "story,name,uses,given_on,ends_on,channel,scan,understood"


@pytest.fixture(autouse=True)
def _words(db: None) -> None:
    archives.vocabulary()
    ConsentForm.objects.create(name="Patient story", version="2026-01", text="I agree.")


def take_in(folder: Path, source: str, rows: list[dict[str, Any]], uses: dict[str, str]) -> None:
    """Import stories under a source and record consents to these uses, by id of the story."""
    archives.take_in(archives.json_lines(folder / f"{source}.jsonl", rows), source=source)
    lines = [
        f"{story},Person {story.replace('s', 'Secretson')},{granted},2026-03-01,{end},,,yes"
        for story, (granted, _bar, end) in ((story, one.partition("|")) for story, one in uses.items())
    ]
    path = folder / f"{source}.csv"
    path.write_text("\n".join([HEADINGS, *lines]) + "\n", "utf-8")
    call_command("record_consents", path, "--source", source, verbosity=0)


def pages_of(source: str) -> dict[str, StoryPage]:
    found = ImportedStory.objects.filter(source=source).select_related("page")
    return {one.external_id: StoryPage.objects.get(pk=one.page_id) for one in found if one.page_id}


ROWS = [
    archives.a_row(1),
    archives.a_row(2, treatments=[], tags=[], follow_ups=[], outcome="Good"),
    archives.a_row(3, conditions=["Cerebral palsy"], before="Words only.", country="Chile"),
    archives.a_row(4, lede="She was born on 3 May 2011 in Porto."),  # what may identify her
    archives.a_row(5, conditions=[]),  # an incomplete field
    archives.a_row(6),  # no consent
    archives.a_row(7),  # consent to the text alone: the quote is redacted
    archives.a_row(8),  # an editor changed the draft
    archives.a_row(9),  # the family was asked
    archives.a_row(10, patient_name="Person"),  # the real name, without consent to it
]
USES = {f"s{number}": "text;quotes" for number in (1, 3, 4, 5, 8, 9, 10)}
USES |= {"s2": "text;quotes|2031-12-31", "s7": "text"}


def prepare(source: str) -> None:
    """What editors do before publication."""
    drafts = pages_of(source)
    draft: Any = drafts["s8"].get_latest_revision_as_object()
    draft.title = "What the editor made of it"
    draft.follow_ups = list(draft.follow_ups.all())[:1]
    draft.save_revision()
    page = drafts["s9"]
    assert page.person is not None
    ApprovalLink.objects.create(
        page=page,
        person=page.person,
        revision=page.latest_revision,
        content_hash="0" * 64,
        token_hash=source,
        expires_at=timezone.now() + timedelta(days=9),
    )


def alone(page: StoryPage) -> list[str]:
    """Publish a draft alone; return why it was refused."""
    try:
        page.latest_revision.publish()
    except NotPublic as refusal:
        return [reason.text for reason in refusal.reasons]
    return []


def without_numbers(reasons: Iterable[str]) -> list[str]:
    """Reasons without the numbers of people."""
    return [re.sub(r"#\d+", "#", reason) for reason in reasons]


def as_published(page: StoryPage) -> dict[str, list[Any]]:
    """Every row that names a page, without keys and moments, and without what depends on other stories."""
    page = StoryPage.objects.get(pk=page.pk)
    found = rows_of(page)
    found["content"] = [
        {name: value for name, value in found["content"][0].items() if name not in {"person"}}
    ]
    for table in ("experiences.RelatedStory", "approval.ApprovalLink"):
        found.pop(table, None)
    moments = {
        "first_published_at", "last_published_at", "starts_at", "made_at", "live_revision", "person",
        "counted_at", "content_object", "content_hash", "to_object_id", "link", "enqueued_at", "args_kwargs",
    }  # fmt: skip
    # Rows of other things may have the same number.
    kinds = {ContentType.objects.get_for_model(model).pk for model in (StoryPage, Page)}
    kept = {
        table: [
            {key: row[key] for key in row.keys() - moments - IGNORED}
            for row in rows
            if table == "content" or row.get("content_type") in {*kinds, None}
        ]
        for table, rows in found.items()
    }
    # The blocks of another archive have other ids.
    words = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "id", json.dumps(kept, default=str))
    again: dict[str, list[Any]] = json.loads(words)
    return {
        table: sorted(rows, key=lambda row: json.dumps(row, sort_keys=True)) for table, rows in again.items()
    }


def test_stories_published_together_are_stored_as_if_published_alone(tmp_path: Path, client: Client) -> None:
    page_about_both = make.TreatmentPageFactory()
    for source in ("alone", "together"):
        take_in(tmp_path, source, ROWS, USES)
        prepare(source)
    refused = {story: alone(page) for story, page in pages_of("alone").items() if story != "s5"}
    found = {one.external_id: one for one in publishing.candidates(source="together", publish=True)}
    ours, theirs = pages_of("together"), pages_of("alone")

    # The same drafts are public, and the others are refused for the same reasons.
    for story, reasons in refused.items():
        assert ours[story].live == theirs[story].live, story
        assert (not reasons) == found[story].is_published, (story, reasons, found[story].reasons)
        if story != "s6":
            assert without_numbers(found[story].reasons) == without_numbers(reasons), story
    assert {story for story, page in ours.items() if page.live} == {"s1", "s2", "s3", "s7", "s8"}
    assert found["s7"].redacted == 1
    assert "at least one is needed" in " ".join(found["s5"].reasons)

    # The same rows in every table.
    for story in refused:
        mine, other = as_published(ours[story]), as_published(theirs[story])
        assert mine.keys() == other.keys(), story
        for table, rows in other.items():
            assert len(mine[table]) == len(rows), (story, table, mine[table], rows)
            pairs = list(zip(mine[table], rows, strict=True))
            differing = {key: (row[key], of[key]) for row, of in pairs for key in of if row[key] != of[key]}
            assert differing == {}, (story, table)
    assert {"publication.Clearance", "publication.PageDependency", "wagtailcore.PageLogEntry",
            "wagtailcore.ReferenceIndex", "wagtailsearch.IndexEntry"} <= as_published(ours["s1"]).keys()  # fmt: skip

    for page in ours.values():
        if page.live:
            assert Clearance.objects.get(page=page.pk).content_hash == page.public_hash()

    # The same related stories, once the task has gone over all, and the same counts.
    live = [page.pk for page in [*ours.values(), *theirs.values()] if page.live]
    assert set(RelatedStory.objects.values_list("page", flat=True)) >= set(live)
    related_stories.refresh(live)
    stored = {
        page: list(
            RelatedStory.objects.filter(page=page).order_by("position").values_list("other", flat=True)
        )
        for page in live
    }
    assert all(page not in others and len(others) >= 6 for page, others in stored.items())
    counts = list(StoryBalance.objects.filter(page=page_about_both).values_list("counts", flat=True))
    assert counts == [] or sum(counts[0].values()) <= len(live)

    # The same pages for visitors.
    for story in ("s1", "s2", "s3", "s7", "s8"):
        texts = []
        for page in (ours[story], theirs[story]):
            answer = client.get(page.url)
            assert answer.status_code == 200
            body = re.sub(r"(?s)<(aside|section)[^>]*related.*?</\1>", "", answer.content.decode())
            main = re.search(r"(?s)<article.*?</article>", body)
            texts.append((main[0] if main else body).replace(page.slug, "slug"))
        assert len(texts[0]) > 500
        if "block" not in texts[0]:
            assert texts[0] == texts[1], story


def test_a_batch_takes_few_queries(tmp_path: Path) -> None:
    counts = []
    for source, size in (("few", 5), ("many", 25)):
        rows = [archives.a_row(number) for number in range(size)]
        take_in(tmp_path, source, rows, {f"s{number}": "text;quotes" for number in range(size)})
        list(publishing.candidates(source=source))  # what a process reads once
        with CaptureQueriesContext(connection) as queries:
            found = list(publishing.candidates(source=source, publish=True))
        assert all(one.is_published for one in found)
        counts.append(len(queries))
    each = (counts[1] - counts[0]) / 20
    assert each < 4, counts
