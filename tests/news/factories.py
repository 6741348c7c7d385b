"""Made-up news."""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from wagtail.models import Page

from news.models import NewsIndexPage, NewsPage
from tests import factories


def news_index() -> NewsIndexPage:
    found = NewsIndexPage.objects.first()
    if found:
        return found
    parent = Page.objects.get(pk=factories.home().pk)
    parent.add_child(instance=NewsIndexPage(title="News", slug="news", lede="What is new here."))
    return NewsIndexPage.objects.get()


class NewsPageFactory(factories.PageFactory):
    class Meta:
        model = NewsPage

    title = factory.Sequence(lambda n: f"Piece of news {n}")
    lede = "We now show how many people were lost to follow-up."
    date = dt.date(2026, 5, 20)

    @classmethod
    def default_parent(cls) -> Any:
        return news_index()
