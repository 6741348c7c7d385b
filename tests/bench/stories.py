"""Stories of a known size, the same on every machine and in every run."""

from __future__ import annotations

import random
from typing import Any

from tests.factories import ConditionFactory, PictureFactory, StoryPageFactory, TreatmentFactory, png

WORDS = [
    "stairs",
    "morning",
    "school",
    "walk",
    "hand",
    "rail",
    "slowly",
    "therapist",
    "asked",
    "again",
    "nothing",
    "changed",
    "spoon",
    "water",
    "room",
    "chair",
    "mother",
    "brother",
    "week",
    "month",
    "sleep",
    "head",
    "voice",
    "word",
    "letter",
    "bus",
    "garden",
    "tired",
    "winter",
    "doctor",
    "told",
    "us",
    "before",
    "after",
]
BLOCKS_IN_ALL = 30
WORDS_IN_ALL = 330
PICTURES = 6
CONDITIONS = 3


def make_stories(count: int) -> list[Any]:
    """`count` published stories under the index; each has 30 blocks, 330 words, 6 pictures and 3 conditions."""
    chance = random.Random(20261122)
    conditions = [ConditionFactory(name=f"Measured condition {number}") for number in range(CONDITIONS)]
    treatment = TreatmentFactory(name="Measured treatment")
    pictures = [PictureFactory(file=png(1600, 1200, f"#40{40 + 8 * n:02x}60")) for n in range(PICTURES)]
    return [make_story(number, chance, pictures, conditions, treatment) for number in range(count)]


def make_story(
    number: int, chance: random.Random, pictures: list[Any], conditions: list[Any], treatment: Any
) -> Any:
    kinds = (
        ["figure"] * PICTURES + ["quote"] * 6 + ["callout"] * 3 + ["text"] * (BLOCKS_IN_ALL - PICTURES - 9)
    )
    chance.shuffle(kinds)
    shown = iter(pictures)
    share = WORDS_IN_ALL // BLOCKS_IN_ALL
    blocks = [
        block(kind, " ".join(chance.choices(WORDS, k=share)).capitalize() + ".", shown) for kind in kinds
    ]
    third = BLOCKS_IN_ALL // 3
    return StoryPageFactory(
        title=f"Measured story {number}",
        slug=f"measured-{number}",
        country="PT",
        picture=pictures[0],
        before=blocks[:third],
        during=blocks[third : 2 * third],
        after=blocks[2 * third :],
        conditions=conditions,
        treatments=[treatment],
        tags=["stairs", "school", "speech"],
        follow_ups=[{"months": months, "observation": "She climbs four stairs."} for months in (3, 6, 12)],
    )


def block(kind: str, words: str, pictures: Any) -> tuple[str, Any]:
    if kind == "figure":
        return kind, {"picture": next(pictures), "caption": words}
    if kind == "quote":
        return kind, {"text": words, "speaker": "Marta"}
    if kind == "callout":
        return kind, {"kind": "note", "heading": "", "text": f"<p>{words}</p>"}
    return kind, f"<p>{words}</p>"
