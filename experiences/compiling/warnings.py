"""Find words in a story's quotes that may identify a person and that no editor has decided on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from deidentification.identifier_rule import country_names
from deidentification.identifiers import Finding, find
from experiences.compiling.story_state import blocks_of
from experiences.excerpt_quotes import BLOCK
from experiences.interview_identifiers import private_names_in
from interviews.models import Excerpt, IdentifierDecision, Interview

PUBLISHED = ("text", "asked", "speaker")


@dataclass(frozen=True)
class OpenWarning:
    """A finding in the words of a quote. `part`: the story's field; `field`: the block's field."""

    part: str
    excerpt: int
    interview: int
    field: str
    finding: Finding


def open_warnings(story: Any) -> list[OpenWarning]:
    """Return findings in the published words of a story's quotes, except those that an editor decided to
    keep.
    """
    quotes = [(part, raw["value"]) for part, raw in blocks_of(story) if raw["type"] == BLOCK]
    keys = {value.get("excerpt") for _part, value in quotes}
    excerpts = Excerpt.objects.select_related("interview", "start_cue", "end_cue").in_bulk(
        [key for key in keys if isinstance(key, int)]
    )
    if not excerpts:
        return []
    interviews = {excerpt.interview_id: excerpt.interview for excerpt in excerpts.values()}
    names = {pk: list(private_names_in(interview, story)) for pk, interview in interviews.items()}
    kept = _kept(interviews.values())
    warnings = []
    for part, value in quotes:
        excerpt = excerpts.get(value.get("excerpt"))
        if excerpt is None:
            continue
        for field in PUBLISHED:
            text = value.get(field) or ""
            for finding in find(text, names[excerpt.interview_id], countries=country_names()):
                if not _is_kept(excerpt, finding, kept.get(excerpt.interview_id, [])):
                    warnings.append(OpenWarning(part, excerpt.pk, excerpt.interview_id, field, finding))
    return warnings


def _kept(interviews: Iterable[Interview]) -> dict[int, list[tuple[int, str]]]:
    """Return (position of the cue, words) that an editor decided to keep, by interview."""
    rows = IdentifierDecision.objects.filter(
        interview__in=list(interviews), state=IdentifierDecision.State.DISMISSED
    ).values_list("interview_id", "cue__position", "text")
    kept: dict[int, list[tuple[int, str]]] = {}
    for interview, position, text in rows:
        kept.setdefault(interview, []).append((position, text.casefold()))
    return kept


def _is_kept(excerpt: Excerpt, finding: Finding, kept: list[tuple[int, str]]) -> bool:
    """Whether an editor kept the words in the excerpt's cues, or in the cue before them (the question)."""
    if excerpt.start_cue is None or excerpt.end_cue is None:
        return False
    first, last = excerpt.start_cue.position - 1, excerpt.end_cue.position
    return any(first <= position <= last and text == finding.text.casefold() for position, text in kept)
