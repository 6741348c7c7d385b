"""Removes mentions from a version as it is stored, because this program cannot read it into an object.

An older version of the software may have stored it. Its JSON is read without knowing the fields and blocks:
words are replaced by what redaction writes, and everything else stays as an editor typed it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import regex
from bs4 import BeautifulSoup, Tag
from wagtail.models import Revision

from mentions.matching import Matcher
from mentions.redacting import OMITTED, make_neutral, neutral, slug_words, text_in
from mentions.stored_texts import leaves

_HTML = regex.compile(r"</?[a-zA-Z][^>]*>")
# Attributes of embedded pictures and links that visitors read.
_READ = ("alt", "title")
ADDRESSES = frozenset({"slug", "url_path"})


def may_mention(revision: Revision, matcher: Matcher) -> bool:
    """Return False only if nothing in a version mentions the person. Much quicker than reading it."""
    numbers = {*matcher.pages, *((matcher.person,) if matcher.person else ())}
    numbers |= {number for _kind, number in matcher.files}
    content = _opened(revision.content)
    # Links keep the page's number in a text; names in an address have no capital letters.
    words = [*leaves(content, str), revision.object_str]
    text = "\n".join([*words, *(slug_words(word) for word in words if "-" in word)])
    return (
        bool(numbers.intersection(leaves(content, int)))
        or matcher.may_be_in(_HTML.sub("", text))
        or matcher.may_be_in(text)
        or any(f'id="{page}"' in text or f"id='{page}'" in text for page in matcher.pages)
    )


def cleaned(content: Any, matcher: Matcher, addresses: Mapping[str, str]) -> Any:
    """Return the JSON of a version without certain mentions. `addresses`: what stands in for an address."""
    if isinstance(content, dict):
        is_said = matcher.person is not None and content.get("said_by") == matcher.person
        return {
            name: _said(name, value)
            if is_said and name in {"text", "speaker", "said_by"}
            else _address(value, matcher, addresses[name])
            if name in addresses and isinstance(value, str)
            else cleaned(value, matcher, addresses)
            for name, value in content.items()
        }
    if isinstance(content, list):
        return [cleaned(value, matcher, addresses) for value in content]
    return _text(content, matcher, addresses) if isinstance(content, str) else content


def mentions(content: Any, matcher: Matcher) -> bool:
    """Return whether the JSON of a version certainly mentions the person."""
    return cleaned(content, matcher, dict.fromkeys(ADDRESSES, OMITTED)) != content


def _said(name: str, value: Any) -> Any:
    """Return what is left of a quote whose person an editor chose."""
    return None if name == "said_by" else OMITTED if name == "text" and value else ""


def _address(value: str, matcher: Matcher, instead: str) -> str:
    return instead if _is_certain(slug_words(value), matcher) else value


def _is_certain(text: str, matcher: Matcher) -> bool:
    return matcher.may_be_in(text) and any(hit.is_certain for hit in matcher.hits(text))


def _text(text: str, matcher: Matcher, addresses: Mapping[str, str]) -> str:
    if (inner := _json(text)) is not None:
        left = cleaned(inner, matcher, addresses)
        return text if left == inner else json.dumps(left)
    if _HTML.search(text):
        return _rich(text, matcher)
    return neutral(text, matcher) if _is_certain(text, matcher) else text


def _rich(html: str, matcher: Matcher) -> str:
    soup = BeautifulSoup(html, "html.parser")
    changed = False
    for tag in soup.find_all(True):
        for name in _READ:
            value = str(tag.get(name) or "")
            if _is_certain(value, matcher):
                tag[name], changed = neutral(value, matcher), True
        if tag.name == "a" and _leads_there(tag, matcher):
            tag.unwrap()
            changed = True
    if _is_certain(text_in(soup), matcher):
        make_neutral(soup, matcher)
        changed = True
    return str(soup) if changed else html


def _leads_there(link: Tag, matcher: Matcher) -> bool:
    number = str(link.get("id") or "")
    is_page = link.get("linktype") == "page" and number.isdigit() and int(number) in matcher.pages
    return is_page or matcher.links_to(str(link.get("href") or ""))


# Streams, which are stored as JSON within JSON --------------------------------------------------------------


def _json(text: str) -> Any:
    """Return the list or object that a text is the JSON of, None for other texts."""
    if text[:1] not in {"[", "{"}:
        return None
    try:
        inner = json.loads(text)
    except ValueError:
        return None
    return inner if isinstance(inner, dict | list) else None


def _opened(content: Any) -> Any:
    """Return stored data with the JSON in its texts read, too."""
    if isinstance(content, dict):
        return {name: _opened(value) for name, value in content.items()}
    if isinstance(content, list):
        return [_opened(value) for value in content]
    inner = _json(content) if isinstance(content, str) else None
    return content if inner is None else _opened(inner)


def texts_in(content: Any) -> Iterator[str]:
    """Yield every text in stored data, also in the JSON within it."""
    yield from leaves(_opened(content), str)


__all__ = ["ADDRESSES", "cleaned", "may_mention", "mentions", "texts_in"]
