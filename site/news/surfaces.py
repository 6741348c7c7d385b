"""Page types of this app that show no contributor."""

from __future__ import annotations

from withdrawal.surfaces import exempt

exempt(
    "News, and their feed, show what editors write; of stories they have links at most.",
    "news.NewsPage",
    "news.NewsIndexPage",
)
