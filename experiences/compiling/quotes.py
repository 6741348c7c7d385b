"""What a story and its interview are compared by when a story is compiled: quotes, facts and changes.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["add", "update", "move", "remove", "fact"]


@dataclass(frozen=True)
class Content:
    """What compiling writes into a quote. `start` and `end` are seconds, None without times."""

    text: str
    speaker: str = ""
    asked: str = ""
    start: float | None = None
    end: float | None = None


@dataclass(frozen=True)
class Item:
    """A block of a story: its part, its key, and its quote if it quotes this interview."""

    part: str
    key: str
    excerpt: int | None = None
    content: Content | None = None
    compiled: Content | None = None

    @property
    def is_rewritten(self) -> bool:
        """Whether an editor changed it since it was compiled."""
        return self.content != self.compiled


@dataclass(frozen=True)
class Wanted:
    """A quote that an excerpt asks for."""

    excerpt: int
    part: str
    content: Content


@dataclass(frozen=True)
class Story:
    """A story as it is, and what is remembered of the last compile: `order` as (excerpt, part), and facts."""

    items: tuple[Item, ...] = ()
    order: tuple[tuple[int, str], ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    compiled_facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """One change that compiling again would make.

    `against_editor`: it would undo an editor's change in the story and is ticked only by hand. `now` and
    `then`: the words before and after; parts for a move.
    """

    kind: Kind
    key: str
    excerpt: int | None = None
    part: str = ""
    against_editor: bool = False
    now: str = ""
    then: str = ""
    content: Content | None = None

    @property
    def name(self) -> str:
        """Return the name of the change in a form: the same change always has the same name."""
        return f"{self.kind}:{self.key}"
