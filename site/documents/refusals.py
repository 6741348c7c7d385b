"""Why no public copy of a document can be made, in words for editors."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REFUSALS: dict[str, str | Promise] = {
    "locked": _("It is locked with a password. Save it without the password."),
    "macros": _("It contains macros. Save it without macros, or as PDF."),
    "kind": _("Documents of this kind cannot be published. Save it as PDF."),
    "damaged": _("It is damaged. Open it, save it again, or save it as PDF."),
    "missing": _("The file is missing."),
    "large": _("It is too large when it is unpacked. Save it as PDF, or in several parts."),
    "memory": _("It is too large when it is unpacked. Save it as PDF, or in several parts."),
    "late": _("Making a public copy of it takes too long. Save it in several parts."),
}


def in_words(reason: str) -> str:
    """Return the reason and what to do as sentences, in the active language."""
    return str(REFUSALS.get(reason, REFUSALS["damaged"]))
