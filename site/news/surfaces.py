"""Page types of this app that show no contributor."""

from __future__ import annotations

from withdrawal.surfaces import exempt

exempt(
    "News, and their feed, show what editors write. What names a person is found by the surface of mentions.",
    "news.NewsPage",
    "news.NewsIndexPage",
)
