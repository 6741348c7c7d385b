"""What `components/card.html` shows of one page in a list."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(kw_only=True, slots=True)
class Card:
    """One page in a list: every value is ready to print.

    `outcome` is a value of pages.choices.Outcome or ''; `followed_months` is None where it is not stated;
    `visits` are months after treatment; `why` is the stated reason why this card is here ('Same treatment, no
    change').
    """

    url: str
    title: str
    kind: str = ""
    who: str = ""
    text: str = ""
    picture: Any = None
    tone: str = ""
    outcome: str = ""
    outcome_text: str = ""
    followed_months: int | None = None
    visits: list[int] = field(default_factory=list)
    is_sample: bool = False
    why: str = ""
