"""The index of all public stories and videos: one in each process (`pages.public_index`)."""

from __future__ import annotations

from conditions.models import Condition
from experiences.filters import row_values, story_sorts
from experiences.models import StoryPage, VideoPage
from experiences.rows import ExperienceRow, read_rows
from pages.public_index import PublicIndex
from treatments.models import Treatment

public_index: PublicIndex[ExperienceRow] = PublicIndex(
    models=(StoryPage, VideoPage),
    make=ExperienceRow._make,
    read=read_rows,
    conditions=Condition,
    treatments=Treatment,
    values=row_values,
    orders={sort.value: sort.key for sort in story_sorts()},
)
