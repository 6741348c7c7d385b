"""How the stories of a treatment ended, next to everyone followed up, in a sentence for readers. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pages import wording
from pages.choices import Outcome
from pages.numbers import figure

if TYPE_CHECKING:
    from treatments.typical import Typical


def balance_sentence(counts: Mapping[str, int], typical: Typical) -> str:
    """Return '8 stories of this treatment are told here: 3 some improvement, ... Of 380 people followed up,
    210 improved.'

    '' where no story is told. The second sentence says so where there is nothing to compare with.
    """
    total = sum(counts.get(ending, 0) for ending in Outcome.values)
    if not total:
        return ""
    parts = ", ".join(
        f"{figure(counts[ending])} {wording.OUTCOME_WORDS[ending]}"
        for ending in Outcome.values
        if counts.get(ending)
    )
    first = ngettext(
        "%(n)s story of this treatment is told here: %(parts)s.",
        "%(n)s stories of this treatment are told here: %(parts)s.",
        total,
    ) % {"n": figure(total), "parts": parts}
    improved = typical.count("improved")
    if not typical.followed_up or improved is None:
        return f"{first} {_('How this compares with everyone treated is not known.')}"
    second = ngettext(
        "Of %(followed)s person followed up, %(improved)s improved.",
        "Of %(followed)s people followed up, %(improved)s improved.",
        typical.followed_up,
    ) % {"followed": figure(typical.followed_up), "improved": figure(improved)}
    return f"{first} {second}"
