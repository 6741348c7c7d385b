"""The dates and notes of published versions, in the head of a case study and in its list of versions."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client

from casestudies.models import CaseVersion
from casestudies.version_log import record_version
from tests.casestudies.factories import CaseStudyPageFactory

pytestmark = pytest.mark.django_db


def published(page: Any, when: str, **fields: Any) -> Any:
    """Publish `page` with these fields at a time, and return it as it is stored."""
    page = type(page).objects.get(pk=page.pk)
    for name, value in fields.items():
        setattr(page, name, value)
    with time_machine.travel(when, tick=False):
        page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def dates(client: Client, page: Any) -> tuple[list[str], list[str]]:
    """Return the days in the head of the page and in its list of versions."""
    soup = BeautifulSoup(client.get(page.url).content, "html.parser")
    listed: Any = soup.find(id="versions")
    return (
        [str(time["datetime"]) for time in soup.select("article header time")],
        [str(time["datetime"]) for time in listed.find_next("dl").find_all("time")],
    )


@pytest.mark.parametrize("zone", ["UTC", "Asia/Bangkok", "America/New_York"])
def test_head_and_list_agree_on_first_and_latest_in_any_time_zone(
    client: Client, settings: Any, zone: str
) -> None:
    settings.TIME_ZONE = zone
    page = CaseStudyPageFactory(whole=True, live=False, version=1, first_published_at=None)
    page = published(page, "2026-04-08 23:30Z")
    head, listed = dates(client, page)
    assert head == listed
    assert len(head) == 1
    page = published(page, "2026-09-01 01:30Z", version=2, change_note="Dose corrected.")
    head, listed = dates(client, page)
    assert head == listed[::-1]
    assert len(head) == 2


def test_an_earlier_date_that_an_editor_typed_is_that_of_the_first_version_only(client: Client) -> None:
    page = CaseStudyPageFactory(whole=True, live=False, published_on=dt.date(2019, 3, 1))
    published(page, "2026-04-08 10:00Z")
    page = published(page, "2026-09-01 10:00Z", version=2)
    assert dates(client, page) == (["2019-03-01", "2026-09-01"], ["2026-09-01", "2019-03-01"])


def test_a_note_comes_back_after_another_and_a_draft_is_not_recorded() -> None:
    page = CaseStudyPageFactory(whole=True, live=False)
    for day, note in enumerate(["Dose corrected.", "Dose corrected.", "Typing error.", "Dose corrected."], 1):
        page = published(page, f"2026-04-0{day} 10:00Z", change_note=note)
    notes = [version.note for version in page.published_versions()]
    assert notes == ["Dose corrected.", "Typing error.", "", "Dose corrected."]
    page.save_revision()
    draft = CaseStudyPageFactory(whole=True, live=False)
    record_version(draft, draft.save_revision())
    record_version(page, None)
    assert CaseVersion.objects.count() == 4
