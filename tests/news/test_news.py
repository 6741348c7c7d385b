"""News: the list, the years, the feed."""

from __future__ import annotations

import datetime as dt
import json
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import PageViewRestriction

from news.feed import Entry, atom_feed
from news.models import NewsPage
from tests.news.factories import NewsPageFactory, news_index

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def titles(response: object) -> list[str]:
    return [link.text for link in BeautifulSoup(response.content, "html.parser").select(".hit h3 a")]  # type: ignore[attr-defined]


@given(words=st.text(), author=st.text())
def test_the_feed_is_well_formed_whatever_the_words_are(words: str, author: str) -> None:
    entry = Entry(
        url="https://example.org/1/", title=words, summary=words, author=author, published=dt.date(2026, 1, 2)
    )
    text = atom_feed(
        title=words,
        url="https://example.org/",
        feed_url="https://example.org/feed/",
        subtitle=words,
        entries=[entry],
    )
    assert ElementTree.fromstring(text.encode()).find("a:entry/a:id", ATOM) is not None


def test_the_feed_keeps_what_xml_can_hold() -> None:
    entry = Entry(
        url="https://example.org/1/",
        title="Ana & <b>Bo</b>\x00 😀",
        summary="ملخص",
        published=dt.date(2026, 1, 2),
    )
    root = ElementTree.fromstring(
        atom_feed(
            title="News", url="https://e.org/", feed_url="https://e.org/f/", subtitle="", entries=[entry]
        )
    )
    assert root.findtext("a:entry/a:title", namespaces=ATOM) == "Ana & <b>Bo</b> 😀"
    assert root.findtext("a:entry/a:summary", namespaces=ATOM) == "ملخص"
    assert root.findtext("a:entry/a:published", namespaces=ATOM) == "2026-01-02T00:00:00+00:00"


@pytest.mark.django_db
def test_the_list_shows_live_public_news_the_newest_first(client: Client) -> None:
    NewsPageFactory.create(title="Old", date=dt.date(2025, 4, 11))
    NewsPageFactory.create(title="New", date=dt.date(2026, 5, 20))
    NewsPageFactory.create(title="Draft", live=False)
    secret = NewsPageFactory.create(title="Secret")
    PageViewRestriction.objects.create(page=secret, restriction_type="login")
    response = client.get("/news/")
    assert titles(response) == ["New", "Old"]
    assert 'href="/news/feed/"' in response.content.decode()


@pytest.mark.django_db
def test_a_year_shows_its_news_only_and_a_year_without_is_not_found(client: Client) -> None:
    NewsPageFactory.create(title="Old", date=dt.date(2025, 4, 11))
    NewsPageFactory.create(title="New", date=dt.date(2026, 5, 20))
    assert titles(client.get("/news/2025/")) == ["Old"]
    for year in ("1999", "0", "99999", "2147483648", "9" * 40):
        assert client.get(f"/news/{year}/").status_code == 404, year


@pytest.mark.django_db
def test_the_list_is_paginated_and_its_queries_do_not_grow(
    client: Client, django_assert_max_num_queries: object
) -> None:
    for number in range(25):
        NewsPageFactory.create(title=f"No. {number}", date=dt.date(2026, 1, 1) + dt.timedelta(days=number))
    client.get("/news/")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        first = client.get("/news/")
    assert len(titles(first)) == 20
    assert titles(client.get("/news/?page=2")) == ["No. 4", "No. 3", "No. 2", "No. 1", "No. 0"]
    assert titles(client.get("/news/?page=999&page=x")) == titles(first)


@pytest.mark.django_db
def test_the_feed_holds_live_public_news_and_their_full_addresses(client: Client) -> None:
    NewsPageFactory.create(title="Seen <i>here</i>", author="Ana")
    NewsPageFactory.create(title="Draft", live=False)
    secret = NewsPageFactory.create(title="Secret")
    PageViewRestriction.objects.create(page=secret, restriction_type="login")
    response = client.get("/news/feed/")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)
    assert [one.text for one in root.findall("a:entry/a:title", ATOM)] == ["Seen <i>here</i>"]
    link = root.find("a:entry/a:link", ATOM)
    assert link is not None
    assert client.get(link.attrib["href"]).status_code == 200


@pytest.mark.django_db
def test_a_piece_of_news_says_who_and_when_to_machines_too(client: Client) -> None:
    page = NewsPageFactory.create(
        author="Ana Example", body=[("text", "<p>Figures for <b>everyone</b>.</p>")]
    )
    soup = BeautifulSoup(client.get(page.url).content, "html.parser")
    data = json.loads(str(soup.select_one('script[type="application/ld+json"]').string))
    assert data["@type"] == "NewsArticle"
    assert data["datePublished"] == "2026-05-20"
    assert data["author"] == {"@type": "Person", "name": "Ana Example"}
    assert len(soup.select("h1")) == 1
    assert "Figures for everyone." in soup.text


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["2026", "7", "feed"])
def test_news_cannot_take_an_address_of_the_list(slug: str) -> None:
    page = NewsPage(title="Twenty", slug=slug, lede="Words.", path="x", depth=9)
    with pytest.raises(ValidationError) as caught:
        page.clean()
    assert "slug" in caught.value.message_dict


@pytest.mark.django_db
def test_a_list_without_news_says_so(client: Client) -> None:
    news_index()
    assert "There is no news yet." in client.get("/news/").content.decode()
    assert ElementTree.fromstring(client.get("/news/feed/").content).findall("a:entry", ATOM) == []
