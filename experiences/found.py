"""Stories and videos of a condition and a treatment, found in the index: nothing here reads all stories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conditions.models import Condition
from experiences.models import StoryPage, VideoPage
from experiences.public_index import public_index
from experiences.querysets import story_cards_of, video_cards_of
from experiences.rows import ExperienceRow
from pages.choices import Outcome
from pages.listed import Listed
from treatments.models import Treatment


class Found:
    """The public stories and videos of a condition or one below it, and a treatment, one below it, or none
    named.

    None means every condition, every treatment. `listed`: the pages to look among, those public now by
    default.
    """

    def __init__(
        self,
        condition: Condition | None = None,
        treatment: Treatment | None = None,
        listed: Listed[ExperienceRow] | None = None,
    ) -> None:
        self._listed = listed or public_index.current()
        self._index = self._listed.index
        found = self._listed.matching(condition, treatment)
        self._stories = found & self._index.having("kind", ["story"])
        self._videos = found & self._index.having("kind", ["video"])

    @property
    def story_count(self) -> int:
        return self._stories.bit_count()

    @property
    def outcomes(self) -> Mapping[str, int]:
        """How many stories ended how."""
        counts = self._index.counts("outcome", self._stories)
        return {ending: counts[ending] for ending in Outcome.values if counts.get(ending)}

    def newest_stories(self, number: int) -> list[int]:
        """Return the ids of the newest stories, the newest first."""
        return [row.pk for row in self._index.rows_of(self._stories, "newest", 0, number)]

    def stories_of_each_outcome(self, number: int) -> list[int]:
        """Return ids of stories: the newest of each outcome before a second story of any outcome."""
        ranked = []
        for ending in Outcome.values:
            ended = self._stories & self._index.having("outcome", [ending])
            rows = self._index.rows_of(ended, "newest", 0, number)
            ranked += [(place, newest_first(row), row.pk) for place, row in enumerate(rows)]
        return [pk for _place, _key, pk in sorted(ranked)[:number]]

    def first_video(self) -> int | None:
        """Return the id of the newest featured video, else of the newest video."""
        featured = self._videos & self._index.having("mark", ["featured"])
        rows = self._index.rows_of(featured or self._videos, "newest", 0, 1)
        return rows[0].pk if rows else None


def newest_first(row: ExperienceRow) -> tuple[Any, ...]:
    return (-(row.published or 0.0), -row.pk)


def stories(numbers: list[int]) -> list[StoryPage]:
    """Return those of these stories that are public, the newest first, with what cards show."""
    return story_cards_of(numbers)


def videos(numbers: list[int]) -> list[VideoPage]:
    """Return those of these videos that are public, the newest first, with what cards show."""
    return video_cards_of(numbers)
