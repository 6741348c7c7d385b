from __future__ import annotations

from experiences.models.follow_up import FollowUp
from experiences.models.index import StoryIndexPage, VideoIndexPage
from experiences.models.published import StoryClip, StoryInterview
from experiences.models.related import RelatedStory
from experiences.models.story import StoryPage, StoryTag
from experiences.models.video import VideoPage, VideoTag

__all__ = [
    "FollowUp",
    "RelatedStory",
    "StoryClip",
    "StoryIndexPage",
    "StoryInterview",
    "StoryPage",
    "StoryTag",
    "VideoIndexPage",
    "VideoPage",
    "VideoTag",
]
