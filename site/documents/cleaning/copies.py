"""What every cleaner returns. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


class NotCleanable(Exception):
    """No clean copy can be made. The argument is a key of `documents.refusals.REFUSALS`."""


@dataclass
class Copy:
    """A clean copy in the making. `removed`: how often what was left out; the keys are those of
    `documents.removed`. `title`: what programs show in the title of the window.
    """

    title: str = ""
    removed: Counter[str] = field(default_factory=Counter)
    content: bytes = b""
