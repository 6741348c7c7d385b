"""Pages of this room on which nobody is met whose consent is kept."""

from __future__ import annotations

from withdrawal.surfaces import exempt

exempt(
    "News, and their feed, show what editors write; of stories they have links at most.",
    "news.NewsPage",
    "news.NewsIndexPage",
)
