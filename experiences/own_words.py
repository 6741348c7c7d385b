"""Compute how much of a story is in the contributors' own words: the share of words kept, and the omissions.

Ratings are computed from what was said (`transcripts.rating`) whenever a story is saved or published, and
stored in its blocks and on the page, so that a visitor's request does none of this work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from experiences.excerpt_quotes import BLOCK
from interviews.speaker_consent import excerpts_by_key
from transcripts.rating import Rated, Rating, rate


@dataclass(frozen=True)
class OwnWords:
    """`share`: whole percent of the words said that are kept; None without quotes. Reworded quotes keep none.

    `omissions`: number of […] in quotes with quotation marks. `quotes`: number of quotes tied to an excerpt.
    """

    share: int | None
    omissions: int
    quotes: int


def total(ratings: Iterable[Rated]) -> OwnWords:
    """Return the totals over all quotes of a story. Pure."""
    ratings = list(ratings)
    quoted = [rated for rated in ratings if rated.rating is not Rating.REWORDED]
    said = sum(rated.counts.words for rated in ratings)
    kept = sum(rated.counts.kept for rated in quoted)
    # Round down: 99.6 % is not all of the words.
    share = int(kept * 100 / said) if said else (100 if quoted else None if not ratings else 0)
    return OwnWords(share, sum(rated.counts.omissions for rated in quoted), len(ratings))


def rate_quotes(streams: Iterable[Any]) -> OwnWords:
    """Write each quote's rating into its block of `streams` (StreamValues) and return the totals.

    One query if there are quotes. A quote without a known excerpt gets no rating: it cannot be compared.
    """
    quotes = [
        (stream, index, item)
        for stream in streams
        for index, item in enumerate(stream.get_prep_value())
        if item["type"] == BLOCK
    ]
    if not quotes:
        return OwnWords(None, 0, 0)
    said = _said({item["value"].get("excerpt") for _stream, _index, item in quotes})
    ratings = []
    for stream, index, item in quotes:
        value = item["value"]
        words = said.get(value.get("excerpt"))
        rated = rate(words[0], value.get("text") or "", words[1]) if words else None
        if rated:
            ratings.append(rated)
        rating = rated.rating.value if rated else ""
        if value.get("rating") != rating:
            stream.raw_data[index] = {**item, "value": {**value, "rating": rating}}
    return total(ratings)


def _said(keys: set[Any]) -> Mapping[int, tuple[str, str]]:
    """Return the exact words and the language of excerpts, by their key."""
    found = excerpts_by_key.of_all(key for key in keys if isinstance(key, int))
    return {key: (one.verbatim, one.interview.language) for key, one in found.items() if one is not None}


def own_words(story: Any) -> OwnWords:
    """Return the totals stored on a StoryPage when it was last saved."""
    return OwnWords(story.own_share, story.own_omissions, story.own_quotes)
