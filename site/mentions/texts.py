"""Decides about single texts of a page: whether they mention the person, and what is left of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from bs4 import BeautifulSoup, Tag

from mentions.found import Cleaned, Found
from mentions.matching import Kind, Matcher
from mentions.places import Reading, label_of, title_of
from mentions.redacting import has_words, make_neutral, neutral, quick_text, strongest, text_in

PARAGRAPHS = ["p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"]


class _Removed:
    """Stands for a value that is removed."""


REMOVED: Final = _Removed()


class TextReader:
    """Reads the texts of one object. `chosen` says which mentions are removed; `reading`, in which way, and
    where a person has to do it.
    """

    def __init__(
        self, page: Any, matcher: Matcher, chosen: Callable[[Found], bool], reading: Reading | None = None
    ) -> None:
        self.page, self.matcher, self.chosen = page, matcher, chosen
        self.reading = reading or Reading()
        self.result = Cleaned()
        self.part, self.label, self.column = "", "", ""

    def _text(self, text: str) -> Any:
        """Return the text, REMOVED if it mentions the person and was chosen, or what is left of its words."""
        if not self._is_removed(text):
            return text
        left = neutral(text, self.matcher) if self.reading.words_only else ""
        return left if has_words(left) else REMOVED

    def _one_is_removed(self, texts: list[str]) -> bool:
        """Return whether one of several texts is removed. All of them are read, so that all are listed."""
        return any(list(map(self._is_removed, texts)))

    def _is_removed(self, text: str, *, certain: bool = False) -> bool:
        hits = self.matcher.hits(text)
        return bool(hits) and self._judge(text, *strongest(hits, certain=certain))

    def _judge(self, text: str, kind: Kind, is_certain: bool) -> bool:
        by_hand = self.column in self.reading.by_hand
        one = Found(
            self.page.pk,
            title_of(self.page),
            self.part,
            self.label,
            kind,
            is_certain and not by_hand and self.column not in self.reading.asked,
            " ".join(text.split()),
            label_of(self.page),
            by_hand,
        )
        if one not in self.result.found:
            self.result.found.append(one)
        chosen = not by_hand and self.chosen(one)
        if chosen:
            self.result.removed.append(one)
        return chosen

    def _rich(self, html: str) -> Any:
        """Return the rich text without the paragraphs and links that mention the person, or REMOVED."""
        if "<a" not in html and not self.matcher.may_be_in(quick_text(html)):
            return html  # nothing to find
        soup = BeautifulSoup(html, "html.parser")
        paragraphs = [tag for tag in soup.find_all(PARAGRAPHS) if not tag.find(PARAGRAPHS)] or [soup]
        was_changed = any(list(map(self._paragraph, paragraphs)))
        if not was_changed:
            # Words may run over the end of a paragraph.
            whole = text_in(soup)
            quoted = any(hit.kind == Kind.QUOTE and hit.is_certain for hit in self.matcher.hits(whole))
            if not quoted or _judged(self, paragraphs) or not self._is_removed(whole):
                return html
            if not self.reading.words_only:
                return REMOVED
            make_neutral(soup, self.matcher)
        for empty in soup.find_all(["ul", "ol"]):
            if not empty.find("li"):
                empty.decompose()
        return str(soup) if has_words(soup.get_text()) else REMOVED

    def _paragraph(self, paragraph: Any) -> bool:
        """Remove a paragraph, or words or links in it. Return whether anything was changed."""
        links = [link for link in paragraph.find_all("a") if self._leads_there(link)]
        # A name next to a link to the person's own page is theirs.
        is_removed = self._is_removed(text_in(paragraph), certain=bool(links))
        if is_removed and not self.reading.words_only:
            paragraph.clear() if isinstance(paragraph, BeautifulSoup) else paragraph.decompose()
            return True
        if is_removed:
            make_neutral(paragraph, self.matcher)
        unlinked = [link for link in links if self._judge(link.get_text(), Kind.LINK, is_certain=True)]
        for link in unlinked:
            link.unwrap()
        return is_removed or bool(unlinked)

    def _leads_there(self, link: Tag) -> bool:
        number = str(link.get("id") or "")
        if link.get("linktype") == "page" and number.isdigit():
            return int(number) in self.matcher.pages
        return self.matcher.links_to(str(link.get("href") or ""))


def _judged(cleaner: TextReader, paragraphs: list[Any]) -> bool:
    """Return whether one of the paragraphs alone carries the words."""
    return any(
        hit.kind == Kind.QUOTE for paragraph in paragraphs for hit in cleaner.matcher.hits(text_in(paragraph))
    )


__all__ = ["REMOVED", "TextReader"]
