"""What search engines are told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Page, PageViewRestriction

from publication.models import Clearance
from search import sitemap_parts
from search.models import SitemapPart
from tests.database_work import work_of
from tests.factories import StandardPageFactory, StoryPageFactory, home
from tests.many_stories import make_many_stories, make_more_stories
from tests.news.factories import NewsPageFactory
from tests.sitemaps import addresses, entries, part_paths

pytestmark = pytest.mark.django_db


@pytest.fixture
def parts_of_three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap_parts, "SIZE", 3)


def test_the_sitemap_lists_live_public_pages_with_their_day(client: Client) -> None:
    home()
    shown = StandardPageFactory.create(title="Shown", slug="shown")
    shown.save_revision().publish()
    StandardPageFactory.create(title="Draft", slug="draft", live=False)
    secret = StandardPageFactory.create(title="Secret", slug="secret")
    StandardPageFactory.create(title="Within", slug="within", parent=secret)
    PageViewRestriction.objects.create(page=secret, restriction_type="login")
    for _ in range(5):
        StoryPageFactory.create()
        NewsPageFactory.create()
    urls = addresses(client)
    assert urls["http://localhost/shown/"] is not None
    assert len(urls) == 1 + 1 + 2 + 10
    for loc in urls:
        assert client.get(str(loc)).status_code == 200, loc


@pytest.mark.usefixtures("parts_of_three")
def test_every_public_page_is_in_exactly_one_part(client: Client) -> None:
    home()
    made = [StandardPageFactory.create(slug=f"page-{number}") for number in range(11)]
    for page in made[2:8]:
        page.delete()
    paths = part_paths(client)
    assert len(paths) >= 3
    assert all(len(entries(client, path, "url")) <= 3 for path in paths)
    left = {page.full_url for page in (*made[:2], *made[8:])}
    assert set(addresses(client)) == {*left, "http://localhost/"}
    assert client.get("/sitemap-999.xml").status_code == 404
    assert client.get("/sitemap-0.xml").status_code == 404


def test_a_page_whose_consent_ended_is_not_listed(client: Client) -> None:
    story = StoryPageFactory.create()
    assert story.full_url in addresses(client)
    Clearance.objects.filter(pk=story.pk).update(ends_at=timezone.now())
    assert story.full_url not in addresses(client)


def test_addresses_of_other_scripts_are_encoded(client: Client, settings: Any) -> None:
    settings.WAGTAIL_ALLOW_UNICODE_SLUGS = True
    page = StandardPageFactory.create(slug="élan-السكتة")
    assert page.full_url in addresses(client)
    assert page.full_url.isascii()


@pytest.mark.usefixtures("parts_of_three")
def test_the_index_says_which_parts_changed(
    client: Client, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    home()
    made = [StandardPageFactory.create(slug=f"page-{number}") for number in range(9)]
    story = StoryPageFactory.create()
    long_ago = timezone.now() - dt.timedelta(days=400)

    def changed_by(act: Callable[[], Any]) -> set[int]:
        part_paths(client)
        SitemapPart.objects.update(changed_at=long_ago)
        with django_capture_on_commit_callbacks(execute=True):
            act()
        told = entries(client, "/sitemap.xml", "sitemap")
        assert all(told.values())
        return {
            int(path.rsplit("-", 1)[1].removesuffix(".xml"))
            for path, day in told.items()
            if dt.datetime.fromisoformat(str(day)) > long_ago + dt.timedelta(days=1)
        }

    def parts(*pages: Any) -> set[int]:
        return {sitemap_parts.part_of(page.pk) for page in pages}

    assert changed_by(made[1].save_revision) == set()
    assert changed_by(lambda: made[1].save_revision().publish()) == parts(made[1])
    assert changed_by(made[4].unpublish) == parts(made[4])
    assert changed_by(made[2].delete) == parts(made[2])
    assert changed_by(lambda: made[8].move(made[7], "last-child")) == parts(made[8])
    assert changed_by(lambda: Clearance.objects.get(pk=story.pk).save()) == parts(story)


@pytest.mark.usefixtures("parts_of_three")
def test_parts_that_were_never_noted_get_the_day_of_their_newest_page(client: Client) -> None:
    home()
    pages = [StandardPageFactory.create(slug=f"page-{number}") for number in range(6)]
    day = dt.datetime(2024, 5, 6, 7, 8, 9, tzinfo=dt.UTC)
    Page.objects.filter(pk__in=[page.pk for page in pages]).update(last_published_at=day)
    SitemapPart.objects.all().delete()
    number = sitemap_parts.part_of(pages[-1].pk)
    told = entries(client, "/sitemap.xml", "sitemap")
    assert told[f"http://localhost/sitemap-{number}.xml"] == "2024-05-06T07:08:09+00:00"


def test_neither_the_index_nor_a_part_reads_all_pages(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part costs the same however many pages there are, and the index one look-up for each part."""
    monkeypatch.setattr(sitemap_parts, "SIZE", 500)
    story = make_many_stories(100)
    part = f"/sitemap-{sitemap_parts.part_of(story.pk + 1000)}.xml"
    make_more_stories(story, 3_000)
    addresses(client)
    few = work_of(lambda: client.get(part))
    make_more_stories(story, 3_000)
    addresses(client)
    assert work_of(lambda: client.get(part)) < 1.3 * few
    every_page = work_of(lambda: list(Page.objects.values_list("pk", "live")))
    assert work_of(lambda: part_paths(client)) < every_page / 4


@given(st.integers(1, 10**9))
def test_a_page_is_in_the_part_of_its_key(page_id: int) -> None:
    number = sitemap_parts.part_of(page_id)
    assert (number - 1) * sitemap_parts.SIZE < page_id <= number * sitemap_parts.SIZE


def test_robots_are_told_what_is_closed_and_where_the_sitemap_is(client: Client) -> None:
    response = client.get("/robots.txt", headers={"host": "hope.example"})
    lines = response.content.decode().splitlines()
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert {"User-agent: *", "Disallow: /admin/", "Disallow: /search/"} <= set(lines)
    assert "Sitemap: http://hope.example/sitemap.xml" in lines
