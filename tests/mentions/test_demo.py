"""A person of the demo who withdraws is gone from the pages about no one too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client, override_settings
from wagtail.models import ModelLogEntry, Page, PageLogEntry, Revision, Site

from audit.actors import Actor
from demo.loader import load_demo
from experiences.models import StoryPage
from information.models import FAQPage, FinancingPage
from news.models import NewsPage
from pages.models import StandardPage
from withdrawal import receipts
from withdrawal.erasure.services import erase_person
from withdrawal.services import withdraw_person
from withdrawal.surfaces.registry import get

BY = Actor.system("test")
QUOTE = "You published my happy year"


@pytest.fixture(scope="module")
def loaded(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=str(tmp_path_factory.mktemp("files"))),
        transaction.atomic(),
        # Pictures in all their sizes are not what these tests are about.
        patch("publication.mixins.make_before_publication"),
        patch("attribution.pages.make_before_publication"),
    ):
        load_demo()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def aarav(loaded: None, db: None) -> Any:
    ContentType.objects.clear_cache()
    Site.clear_site_root_paths_cache()
    return StoryPage.objects.get(patient_name="Aarav")


def pages() -> dict[str, Page]:
    return {
        "faq": FAQPage.objects.get(),
        "news": NewsPage.objects.get(title="We now ask families again after two years"),
        "how": StandardPage.objects.get(title__icontains="how we make"),
        "financing": FinancingPage.objects.get(),
    }


def html(page: Page) -> str:
    answer = Client().get(page.get_url())
    assert answer.status_code == 200
    return answer.content.decode()


def withdraw(story: Any) -> Any:
    return withdraw_person(person=story.person, by=BY, channel="editor")


@pytest.mark.parametrize("name", ["faq", "news", "how", "financing"])
def test_name_quote_and_link_are_gone_and_the_rest_stays(aarav: Any, name: str) -> None:
    page = pages()[name]
    before = html(page)
    assert "Aarav" in before
    withdraw(aarav)
    after = html(page)
    assert "Aarav" not in after
    assert "Meera" not in after
    assert QUOTE not in after
    assert aarav.slug not in after
    assert len(after) > 0.6 * len(before)
    # What editors wrote is in the page's history, and the new draft is what visitors see.
    fresh = Page.objects.get(pk=page.pk)
    assert fresh.live
    assert not fresh.has_unpublished_changes
    assert fresh.live_revision_id == fresh.latest_revision_id
    assert "Aarav" not in json.dumps(fresh.latest_revision.content)


def test_search_finds_nothing(aarav: Any) -> None:
    def results() -> int:
        return Client().get("/search/", {"q": "Aarav"}).content.decode().count("Aarav’s")

    listed = Client().get("/search/", {"q": "Aarav"}).content.decode()
    assert "We now ask families again" in listed
    withdraw(aarav)
    listed = Client().get("/search/", {"q": "Aarav"}).content.decode()
    for page in pages().values():
        assert page.title not in listed.partition("<main")[2].partition("</main")[0]


def test_preview_and_receipt_list_them(aarav: Any, editor_client: Client) -> None:
    answer = editor_client.get(f"/admin/withdrawals/person/{aarav.person_id}/")
    text = answer.content.decode()
    label = str(get("mentions").label)
    assert label in text
    for page in pages().values():
        assert page.title in text
    done = withdraw(aarav)
    lines = {line["surface"]: line for line in receipts.lines(done)}
    assert lines["mentions"]["count"] >= 5
    assert "Aarav" not in json.dumps(receipts.receipt(done), default=str)


def test_other_people_on_the_same_pages_stay(aarav: Any) -> None:
    withdraw(aarav)
    text = html(pages()["financing"])
    assert "Joseph, father of Daniel" in text
    assert "Mereana" in text
    assert "Yara’s parents" in html(pages()["faq"])


def test_an_erasure_leaves_neither_name_nor_words_anywhere(aarav: Any) -> None:
    page = pages()["news"]
    page.title = "Aarav writes to us again"
    page.save_revision(log_action=True)
    erase_person(person=aarav.person, by=BY)
    for one in Page.objects.filter(depth__gte=2).specific():
        stored = json.dumps(one.serializable_data(), default=str)
        assert "Aarav" not in stored, one
        assert QUOTE not in stored, one
    for revision in Revision.objects.all():
        stored = json.dumps(revision.content) + revision.object_str
        assert "Aarav" not in stored, revision.object_str
        assert QUOTE not in stored
    for model in (PageLogEntry, ModelLogEntry):
        assert not model.objects.filter(label__contains="Aarav").exists()
