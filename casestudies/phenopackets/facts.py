"""What a Phenopacket is made from: the facts of a case study, as plain data. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from casestudies.phenopackets.parser import PLACES


@dataclass(frozen=True)
class Event:
    """One entry of the timeline. `kind` as in TimelineEntry.Kind."""

    months: int
    kind: str
    text: str


@dataclass(frozen=True)
class Measured:
    """`months` from the treatment; None where it is not known."""

    measure: str
    months: int | None
    value: str
    unit: str = ""


@dataclass(frozen=True)
class Given:
    kind: str
    day: int | None = None
    dose: str = ""
    route: str = ""
    side_effects: str = ""


@dataclass
class CaseFacts:
    """What a page says, as far as a Phenopacket has a place for it.

    `id`: of this site, and of no source. `conditions`, `references`: (CURIE, label). `statements`: the
    disclosures of the page: (name, words).
    """

    id: str
    created: str
    created_by: str
    site_url: str
    sex: str = ""
    age: int | None = None
    from_birth: bool = False
    diagnosis: str = ""
    conditions: Sequence[tuple[str, str]] = ()
    timeline: Sequence[Event] = ()
    treatments: Sequence[Given] = ()
    observations: Sequence[Measured] = ()
    references: Sequence[tuple[str, str]] = ()
    statements: Sequence[tuple[str, str]] = ()
    # Of an imported case: the record, what of it was written to which field, and what stands there now.
    record: Mapping[str, Any] = field(default_factory=dict)
    imported: Mapping[str, Any] = field(default_factory=dict)
    now: Mapping[str, Any] = field(default_factory=dict)

    def unchanged(self, part: str) -> bool:
        """Whether everything that a part of the record became is on the page as it was written."""
        return all(self.now.get(name) == self.imported.get(name) for name in PLACES[part])
