"""Counts what the search for identifiers finds where nothing has to be found: false alarms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from deidentification import identifier_rule
from deidentification.identifiers import find
from media.captions import parse
from publication.mixins import about_person_models


@dataclass
class Counted:
    """`searched`: the number of pages or cues; `words`: how often each (kind, words) was found."""

    searched: int = 0
    words: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def kinds(self) -> dict[str, int]:
        """The number of findings of each kind, the most frequent kind first."""
        found: Counter[str] = Counter()
        for (kind, _words), number in self.words.items():
            found[kind] += number
        return dict(found.most_common())

    @property
    def total(self) -> int:
        return sum(self.words.values())


def count_on_pages() -> Counted:
    """Count the findings on all public pages about people, decided or not."""
    counted = Counted()
    for model in about_person_models():
        for page in model._default_manager.filter(live=True, alias_of=None).order_by("pk"):
            counted.searched += 1
            found = identifier_rule.findings(page)
            counted.words.update((one.finding.kind, one.finding.text) for one in found)
    return counted


def count_in_captions(files: Iterable[Path]) -> Counted:
    """Count the findings in the cues of WebVTT files. Raises NotWebVTT for a file of another kind."""
    counted, countries = Counted(), identifier_rule.country_names()
    for file in files:
        for cue in parse(file.read_text(encoding="utf-8")).cues:
            counted.searched += 1
            counted.words.update((one.kind, one.text) for one in find(cue.text, countries=countries))
    return counted
