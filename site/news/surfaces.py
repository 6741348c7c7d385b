"""Page types of this app that never show a person with a recorded consent."""

from __future__ import annotations

from withdrawal.surfaces import exempt

exempt(
    "News, and their feed, show what editors write; of stories they have links at most.",
    "news.NewsPage",
    "news.NewsIndexPage",
)
