"""The blocks of a made story: 15 texts, 6 quotes, 6 figures and 3 callouts in three parts; about 330 words.

Two of the quotes of a story that was told in an interview are tied to words in its transcript.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from demo.made import words
from demo.made.layout import block_id
from demo.made.pages import Shown
from experiences.excerpt_quotes import BLOCK
from media.models import Picture
from transcripts.rating import Rating

# A quote of the person of the story: no editor has chosen anyone else.
BY_THE_PATIENT = {"said_by": None, "unnamed_because": "", "source_url": "", "unnamed_note": ""}
KINDS = ["figure"] * 6 + ["quote"] * 6 + ["callout"] * 3 + ["text"] * 15
PARTS = ("before", "during", "after")
# As the callout block calls its kind 'note', for the search.
NOTE = "Plain words for a term"
CALLOUT_HEADING = "In plain words"


@dataclass(frozen=True)
class Parts:
    """The three parts of a story.

    `stored`: as a StreamField stores them; `said`: their words as searched for; `quotes`: the parts that need
    a consent.
    """

    stored: list[str]
    said: list[str]
    quotes: list[str]
    shown: list[Shown]
    word_count: int


@dataclass(frozen=True)
class Quoted:
    """Words of an interview. `start`, `end`: seconds."""

    excerpt: int
    text: str
    asked: str
    start: float
    end: float

    def value(self, speaker: str) -> dict[str, Any]:
        """Return the block's value as an editor's form stores it, in the order of the form."""
        return {
            "excerpt": self.excerpt,
            "text": self.text,
            "speaker": speaker,
            "asked": self.asked,
            "rating": Rating.VERBATIM.value,
            "compiled": {},
            "start": self.start,
            "end": self.end,
        }


class StoryBlocks:
    def make(
        self, number: int, chance: Random, pictures: list[int], name: str, told: Sequence[Quoted]
    ) -> Parts:
        """Return the parts of the story `number`, with each of `pictures` and of the words `told` once."""
        kinds = chance.sample(KINDS, len(KINDS))
        stored, said, quotes, shown = [], [], [], []
        rest, quotable, count = iter(pictures), iter(told), 0
        third = len(kinds) // len(PARTS)
        for at, part in enumerate(PARTS):
            blocks, spoken = [], []
            for place in range(at * third, (at + 1) * third):
                key = block_id("story", number, place)
                kind = kinds[place]
                if kind == "figure":
                    picture = next(rest)
                    text = words.caption(chance)
                    value: Any = {"picture": picture, "alt": "", "caption": text, "credit": ""}
                    spoken += ["", text, ""]
                    shown.append(Shown(Picture, picture, f"{part}.figure.picture", f"{part}.{key}.picture"))
                elif kind == "quote":
                    quotes.append(f"block:{key}")
                    if quoted := next(quotable, None):
                        kind, value = BLOCK, quoted.value(name)
                        said_here = [quoted.text, name, quoted.asked]
                    else:
                        text = words.remark(chance)
                        value = {"text": text, "speaker": name, **BY_THE_PATIENT}
                        said_here = [text, name]
                    spoken += said_here
                    count += sum(len(one.split()) for one in said_here)
                else:
                    text = words.sentence(chance)
                    html = f'<p data-block-key="k{place:04}">{text}</p>'
                    count += len(text.split())
                    if kind == "callout":
                        value = {"kind": "note", "heading": CALLOUT_HEADING, "text": html}
                        spoken += [NOTE, CALLOUT_HEADING, text]
                        count += 3
                    else:
                        value = html
                        spoken.append(text)
                blocks.append({"type": kind, "value": value, "id": key})
            stored.append(json.dumps(blocks))
            said.append(", ".join(spoken))
        return Parts(stored, said, quotes, shown, count)
