"""Which keys made objects get, so that the same number of stories always gives the same rows. Pure.

Objects are made in a fixed order: story 0, story 1, ..., after every twentieth story a video, after every
fiftieth a case study. `place` says where an object stands in that order; keys are a first free key plus the
place. So 1,000 stories and later 4,000 more give the same keys as 5,000 at once, as long as nothing else was
added in between.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

STORIES_A_VIDEO = 20
STORIES_A_CASE = 50
STORIES_AN_INTERVIEW = 10
MOST = 999_999  # slugs have six digits


def place_of_story(number: int) -> int:
    return number + number // STORIES_A_VIDEO + number // STORIES_A_CASE


def has_video(number: int) -> bool:
    """Return whether a video is made after the story `number`."""
    return (number + 1) % STORIES_A_VIDEO == 0


def has_case(number: int) -> bool:
    """Return whether a case study is made after the story `number`."""
    return (number + 1) % STORIES_A_CASE == 0


def has_interview(number: int) -> bool:
    """Return whether the story `number` was told in an interview whose whole transcript is public."""
    return number % STORIES_AN_INTERVIEW == 0


def block_id(kind: str, number: int, place: int) -> str:
    """Return the id of a block: like a UUID, made from numbers, and much faster than uuid5."""
    letter = {"story": "a", "video": "b", "case": "c"}[kind]
    return f"{number:08x}-{place:04x}-4000-8000-{letter}00000000000"


def translation_key(kind: str, number: int) -> uuid.UUID:
    letter = {"story": "a", "video": "b", "case": "c"}[kind]
    return uuid.UUID(f"{number:08x}-ffff-4000-8000-{letter}00000000000")


@dataclass(frozen=True)
class Keys:
    """The keys of the rows of one table. `each`: how many rows an object has there."""

    first: int
    each: int = 1

    def at(self, place: int, row: int = 0) -> int:
        return self.first + place * self.each + row
