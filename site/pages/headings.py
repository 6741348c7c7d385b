"""Gives the headings of a text their addresses, so that a list of contents and a reader's link can lead to
them.
"""

from __future__ import annotations

import re
from html import unescape

from django.utils.text import slugify

HEADING = re.compile(r"<h2(?P<attributes>\s[^>]*)?>(?P<inside>.*?)</h2>", re.DOTALL | re.IGNORECASE)
TAG = re.compile(r"<[^>]*>")
OWN_ID = re.compile(r"""\bid=["'](?P<id>[^"']+)["']""")


def identified(html: str, used: dict[str, int]) -> tuple[str, list[tuple[str, str]]]:
    """`html` with an id on every second-level heading, and (id, text) of each in order.

    Ids start with "h-", so that they never meet an id of a template. `used` counts the ids given on one page;
    it is changed in place. Headings without words are left as they are.
    """
    found: list[tuple[str, str]] = []
    if "<h2" not in html and "<H2" not in html:
        return html, found

    def give(match: re.Match[str]) -> str:
        text = " ".join(unescape(TAG.sub("", match["inside"])).split())
        attributes = match["attributes"] or ""
        if not text:
            return match[0]
        if own := OWN_ID.search(attributes):
            found.append((own["id"], text))
            return match[0]
        slug = f"h-{slugify(text, allow_unicode=True)[:60].strip('-') or 'part'}"
        used[slug] = used.get(slug, 0) + 1
        id_ = slug if used[slug] == 1 else f"{slug}_{used[slug]}"
        found.append((id_, text))
        return f'<h2 id="{id_}"{attributes}>{match["inside"]}</h2>'

    return HEADING.sub(give, html), found
