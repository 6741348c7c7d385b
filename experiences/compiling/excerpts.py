"""Turn an excerpt into a quote of a story: words, speaker as the story names them, question and times."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from experiences.compiling.quotes import Content, Wanted
from interviews.models import Excerpt, IdentifierDecision, Interview, Section
from interviews.services import replace_words
from transcripts.rating import sure

PARTS = {Section.BEFORE: "before", Section.TREATMENT: "during", Section.AFTER: "after"}
SECTIONS = {part: section for section, part in PARTS.items()}


def even(text: str) -> str:
    """Return `text` as a form posts it: browsers send other line ends, and fields lose trailing spaces."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


@dataclass(frozen=True)
class Wording:
    """How an interview's speakers are named and its identifiers replaced, read once for all its excerpts."""

    interview: Interview

    @cached_property
    def contributors(self) -> list[tuple[str, str, str]]:
        """Return (speaker, name in the story, role in words)."""
        return [
            (contributor.speaker, contributor.public_label, str(contributor.get_role_display()))
            for contributor in self.interview.contributors.all()
        ]

    @cached_property
    def private_names(self) -> list[str]:
        return [known.name.casefold() for known in self.interview.known_names()]

    @cached_property
    def replacements(self) -> list[tuple[str, str]]:
        """Return words that an editor replaced and the neutral form of each, the longest first."""
        decided = self.interview.identifier_decisions.filter(state=IdentifierDecision.State.REPLACED)
        return sorted(set(decided.values_list("text", "neutral")), key=lambda pair: -len(pair[0]))

    def replaced(self, text: str) -> str:
        for words, neutral in self.replacements:
            text = replace_words(text, words, neutral)
        return text

    def speaker(self, excerpt: Excerpt) -> str:
        """Return the speaker as the story names them: their role instead of a private name."""
        for speaker, label, role in self.contributors:
            if speaker and speaker == excerpt.speaker:
                return label or (role if self._is_private(speaker) else speaker)
        return "" if self._is_private(excerpt.speaker) else excerpt.speaker

    def _is_private(self, label: str) -> bool:
        words = set(re.findall(r"\w+", label.casefold()))
        return any(words & set(re.findall(r"\w+", name)) for name in self.private_names)

    def content(self, excerpt: Excerpt) -> Content:
        return Content(
            text=even(excerpt.text),
            speaker=self.speaker(excerpt)[:120],
            # The question is quoted from the transcript, so identifiers have to be replaced in it too.
            asked=even(self.replaced(sure(excerpt.asked))),
            start=excerpt.clip_in,
            end=excerpt.clip_out,
        )


def wanted(interview: Interview, excerpts: Iterable[Excerpt] | None = None) -> list[Wanted]:
    """Return the quotes that an interview's excerpts ask for, in the story's order."""
    wording = Wording(interview)
    if excerpts is None:
        excerpts = interview.excerpts.kept().in_story_order()
    return [
        Wanted(excerpt.pk, PARTS[Section(excerpt.section)], wording.content(excerpt))
        for excerpt in excerpts
        if excerpt.text.strip()
    ]
