"""The news as an Atom feed. Pure: no database."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.utils.feedgenerator import Atom1Feed

FEED_LENGTH = 20

# What XML 1.0 (section 2.2) does not admit, escaped or not.
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One piece of news. `url` is whole, with its host; `updated` is when the page was last published."""

    url: str
    title: str
    summary: str
    published: date
    author: str = ""
    updated: datetime | None = None


def fit_for_xml(text: str) -> str:
    """`text` without the control characters and lone surrogates that no XML file may hold."""
    return _NOT_IN_XML.sub("", text)


def atom_feed(*, title: str, url: str, feed_url: str, subtitle: str, entries: Iterable[Entry]) -> str:
    """An Atom feed (RFC 4287) as text: well-formed whatever the entries' words are."""
    feed = Atom1Feed(
        title=fit_for_xml(title),
        link=url,
        description=fit_for_xml(subtitle),
        subtitle=fit_for_xml(subtitle) or None,
        feed_url=feed_url,
        author_name=fit_for_xml(title),
    )
    for entry in entries:
        published = datetime.combine(entry.published, time(), UTC)
        feed.add_item(
            title=fit_for_xml(entry.title),
            link=entry.url,
            unique_id=entry.url,
            description=fit_for_xml(entry.summary),
            author_name=fit_for_xml(entry.author) or None,
            pubdate=published,
            updateddate=max(published, entry.updated) if entry.updated else published,
        )
    return feed.writeString("utf-8")
