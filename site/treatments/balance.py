"""The balance of stories against everybody followed up (D7), in a sentence for readers. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pages import wording
from pages.drawing import OUTCOMES

if TYPE_CHECKING:
    from treatments.typical import Typical

ENDINGS = OUTCOMES


def balance_sentence(counts: Mapping[str, int], typical: Typical) -> str:
    """'8 stories of this treatment are told here: 3 some improvement, ... Of 380 people followed up, 210 improved.'

    '' where no story is told. The second sentence says where nothing is known to compare with.
    """
    total = sum(counts.get(ending, 0) for ending in ENDINGS)
    if not total:
        return ""
    parts = ", ".join(
        f"{wording.figure(counts[ending])} {wording.OUTCOME_WORDS[ending]}"
        for ending in ENDINGS
        if counts.get(ending)
    )
    first = ngettext(
        "%(n)s story of this treatment is told here: %(parts)s.",
        "%(n)s stories of this treatment are told here: %(parts)s.",
        total,
    ) % {"n": wording.figure(total), "parts": parts}
    improved = typical.count("improved")
    if not typical.followed_up or improved is None:
        return f"{first} {_('How this compares with everybody treated is not known.')}"
    second = ngettext(
        "Of %(followed)s person followed up, %(improved)s improved.",
        "Of %(followed)s people followed up, %(improved)s improved.",
        typical.followed_up,
    ) % {"followed": wording.figure(typical.followed_up), "improved": wording.figure(improved)}
    return f"{first} {second}"
