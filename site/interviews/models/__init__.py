from __future__ import annotations

from interviews.models.decisions import ConditionDecision, IdentifierDecision, Presence
from interviews.models.excerpt import Excerpt, InterviewTopic, Section, Topic, free_slug
from interviews.models.interview import Interview, InterviewContributor, InterviewState
from interviews.models.transcript import Cue, Transcript

__all__ = [
    "ConditionDecision",
    "Cue",
    "Excerpt",
    "IdentifierDecision",
    "Interview",
    "InterviewContributor",
    "InterviewState",
    "InterviewTopic",
    "Presence",
    "Section",
    "Topic",
    "Transcript",
    "free_slug",
]
