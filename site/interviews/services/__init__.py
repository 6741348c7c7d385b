"""What editors do with an interview. Each function checks first and writes in one transaction.

Nothing else writes excerpts, decisions or topics; a new transcript is imported by `interviews.importing`.
"""

from __future__ import annotations

from interviews.services.decisions import (
    decide_condition,
    decide_identifier,
    undecide_condition,
    undecide_identifier,
)
from interviews.services.errors import ChangedMeanwhile, Refused
from interviews.services.excerpts import (
    LONGEST_TEXT,
    change_excerpt,
    make_excerpt,
    make_excerpt_once,
    move_excerpt,
    place_excerpt,
    remove_excerpt,
    restore_excerpt,
)
from interviews.services.speakers import interviewers, rename_speaker
from interviews.services.topics import FIRST_KEY, LAST_KEY, pin_topics, topics_named
from interviews.services.wording import replace_words

__all__ = [
    "FIRST_KEY",
    "LAST_KEY",
    "LONGEST_TEXT",
    "ChangedMeanwhile",
    "Refused",
    "change_excerpt",
    "decide_condition",
    "decide_identifier",
    "interviewers",
    "make_excerpt",
    "make_excerpt_once",
    "move_excerpt",
    "pin_topics",
    "place_excerpt",
    "remove_excerpt",
    "rename_speaker",
    "replace_words",
    "restore_excerpt",
    "topics_named",
    "undecide_condition",
    "undecide_identifier",
]
