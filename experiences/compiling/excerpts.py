"""What an excerpt becomes in a story: its words, who says them as the story names them, the question, the moment."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from experiences.compiling.plan import Content, Wanted
from interviews.models import Excerpt, IdentifierDecision, Interview, Section
from interviews.services import replace_words
from transcripts.rating import sure

PARTS = {Section.BEFORE: "before", Section.TREATMENT: "during", Section.AFTER: "after"}
SECTIONS = {part: section for section, part in PARTS.items()}


def even(text: str) -> str:
    """`text` as a form gives it back: browsers send other line ends, and fields lose spaces at their ends."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


@dataclass(frozen=True)
class Wording:
    """How one interview's voices are named and its findings replaced, read once for all its excerpts."""

    interview: Interview

    @cached_property
    def contributors(self) -> list[tuple[str, str, str]]:
        """(voice, name in the story, role's word)."""
        return [
            (one.speaker, one.public_label, str(one.get_role_display()))
            for one in self.interview.contributors.all()
        ]

    @cached_property
    def private_names(self) -> list[str]:
        return [known.name.casefold() for known in self.interview.known_names()]

    @cached_property
    def replacements(self) -> list[tuple[str, str]]:
        """Words that an editor replaced, the longest first, and the neutral form of each."""
        decided = self.interview.identifier_decisions.filter(state=IdentifierDecision.State.REPLACED)
        return sorted(set(decided.values_list("text", "neutral")), key=lambda pair: -len(pair[0]))

    def replaced(self, text: str) -> str:
        for words, neutral in self.replacements:
            text = replace_words(text, words, neutral)
        return text

    def speaker(self, excerpt: Excerpt) -> str:
        """As the story names them. A private name of somebody never stands in: their role does."""
        for voice, label, role in self.contributors:
            if voice and voice == excerpt.speaker:
                return label or (role if self._is_private(voice) else voice)
        return "" if self._is_private(excerpt.speaker) else excerpt.speaker

    def _is_private(self, label: str) -> bool:
        words = set(re.findall(r"\w+", label.casefold()))
        return any(words & set(re.findall(r"\w+", name)) for name in self.private_names)

    def content(self, excerpt: Excerpt) -> Content:
        return Content(
            text=even(excerpt.text),
            speaker=self.speaker(excerpt)[:120],
            # The question is a transcript's words as they stand: what was replaced elsewhere is replaced here too.
            asked=even(self.replaced(sure(excerpt.asked))),
            start=excerpt.clip_in,
            end=excerpt.clip_out,
        )


def wanted(interview: Interview, excerpts: Iterable[Excerpt] | None = None) -> list[Wanted]:
    """The quotes that an interview's excerpts ask for, in the story's order."""
    wording = Wording(interview)
    if excerpts is None:
        excerpts = interview.excerpts.kept().in_story_order()
    return [
        Wanted(excerpt.pk, PARTS[Section(excerpt.section)], wording.content(excerpt))
        for excerpt in excerpts
        if excerpt.text.strip()
    ]
