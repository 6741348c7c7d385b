"""Check the public name of a patient: a first name or a pseudonym, never a full name. Pure."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MOST_WORDS = 2


def why_not_public_name(
    name: str, *, is_pseudonym: bool = False, private_name: str = ""
) -> str | Promise | None:
    """Return why `name` may not be published; None if it may.

    'Anne Marie' and 'María del Mar' are first names: at most two words, not counting small words such as
    'del'. A pseudonym may be longer ('A father from Nairobi'). `private_name` is the real name in our
    records, if there is one: a public name of several words must not contain its last word or all of it; a
    pseudonym none of its words.
    """
    words = [word.casefold() for word in name.split()]
    real = [word.casefold() for word in private_name.split()]
    if is_pseudonym and set(words) & {word for word in real if len(word) > 2}:
        return _("A pseudonym must not contain a part of the person’s real name.")
    if len(words) > 1 and len(real) > 1 and (real[-1] in words or set(real) <= set(words)):
        return _("This contains the person’s family name as recorded. Use the first name only.")
    counted = [word for word in name.split() if not word[0].islower()]
    if not is_pseudonym and len(counted) > MOST_WORDS:
        return _("Use a first name or a pseudonym only: a full name identifies a person.")
    return None
