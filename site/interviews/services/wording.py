"""Neutral forms in the words of a quote. Pure."""

from __future__ import annotations

import regex

_LETTER = r"[\p{L}\p{M}\p{N}]"


def replace_words(text: str, words: str, replacement: str) -> str:
    """Return `text` with `replacement` for `words` where they are whole words: 'Ana' is not replaced in
    'Anatolia'.
    """
    if not words:
        return text
    before = rf"(?<!{_LETTER})" if words[:1].isalnum() else ""
    after = rf"(?!{_LETTER})" if words[-1:].isalnum() else ""
    return str(regex.sub(before + regex.escape(words) + after, lambda _match: replacement, text))
