"""One mention of a person on a page, and what is left of the page without those that are removed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from mentions.matching import Kind


@dataclass(frozen=True)
class Found:
    """A mention: where, of which kind, and whether it is removed without asking anyone.

    `page`: the number of the page, or of an object that pages show; then `place` is its model. `text`: the
    words around it, for the editors only. `by_hand`: only a person can change it. `key` recognises it when
    the page is read again.
    """

    page: int
    title: str
    part: str
    label: str
    kind: Kind
    is_certain: bool
    text: str
    place: str = ""
    by_hand: bool = False

    @property
    def key(self) -> str:
        """A short hash of place and words."""
        mark = f"{self.place}{self.page}:{self.part}:{self.text}"
        return hashlib.sha256(mark.encode()).hexdigest()[:16]


@dataclass
class Cleaned:
    """What was found in a page, what is to be removed and where that is not possible (`stuck`)."""

    values: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, list[Any]] = field(default_factory=dict)
    found: list[Found] = field(default_factory=list)
    removed: list[Found] = field(default_factory=list)
    stuck: list[Found] = field(default_factory=list)

    def apply(self, page: Any) -> None:
        """Write the values without the mentions into the page in memory."""
        for name, value in self.values.items():
            setattr(page, name, value)
        for name, rows in self.rows.items():
            getattr(page, name).set(rows)

    @property
    def changes(self) -> bool:
        """Whether anything can be removed."""
        return bool(self.values or self.rows)
