from __future__ import annotations

from news.models.index import NewsIndexPage
from news.models.news import NewsPage

__all__ = ["NewsIndexPage", "NewsPage"]
