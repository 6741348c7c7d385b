"""What search engines are told."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from wagtail.models import PageViewRestriction

from tests.factories import StandardPageFactory, StoryPageFactory, home
from tests.news.factories import NewsPageFactory

pytestmark = pytest.mark.django_db

NS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def test_the_sitemap_lists_live_public_pages_with_their_day(
    client: Client, django_assert_max_num_queries: Any
) -> None:
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
    client.get("/sitemap.xml")
    with django_assert_max_num_queries(20):
        response = client.get("/sitemap.xml")
    urls = {
        url.findtext("s:loc", namespaces=NS): url.findtext("s:lastmod", namespaces=NS)
        for url in ElementTree.fromstring(response.content).findall("s:url", NS)
    }
    assert response["Content-Type"] == "application/xml"
    assert urls["http://localhost/shown/"] is not None
    assert len(urls) == 1 + 1 + 2 + 10
    for loc in urls:
        assert client.get(str(loc)).status_code == 200, loc


def test_robots_are_told_what_is_closed_and_where_the_sitemap_is(client: Client) -> None:
    response = client.get("/robots.txt", headers={"host": "hope.example"})
    lines = response.content.decode().splitlines()
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert {"User-agent: *", "Disallow: /admin/", "Disallow: /search/"} <= set(lines)
    assert "Sitemap: http://hope.example/sitemap.xml" in lines
