"""The words that tell an editor where in a document something was found, and why something was not read."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from documents.contents import Place

# '%(name)s' is the detail of the position: a page, a name, an address of a cell.
PLACES: dict[str, str | Promise] = {
    "page": _("page %(name)s"),
    "paragraph": _("paragraph %(name)s"),
    "line": _("text"),
    "heading": _("page layout"),
    "header": _("header or footer"),
    "note": _("footnote or endnote"),
    "chart": _("chart or diagram"),
    "alt": _("alternative text"),
    "cell": _("sheet %(name)s"),
    "sheet": _("name of a sheet"),
    "slide": _("slide %(name)s"),
    "layout": _("slide layout"),
    # From here on: what is not on a page, and most of it not in a public copy.
    "link": _("link"),
    "layer": _("name of a layer"),
    "form field": _("form field %(name)s"),
    "annotation": _("note on page %(name)s"),
    "bookmark": _("bookmark"),
    "attachment": _("attachment %(name)s"),
    "property": _("document properties: %(name)s"),
    "comment": _("comment by %(name)s"),
    "author": _("author of a comment or change"),
    "deleted": _("before tracked changes, %(name)s"),
    "hidden": _("hidden text, %(name)s"),
    "hidden sheet": _("hidden sheet, %(name)s"),
    "hidden cell": _("hidden row or column, %(name)s"),
    "hidden slide": _("hidden slide %(name)s"),
    "defined name": _("defined name"),
    "formula": _("formula in %(name)s"),
    "speaker notes": _("speaker notes"),
    "embedded": _("embedded file %(name)s"),
    "picture": _("data of the picture %(name)s"),
    "custom": _("custom data %(name)s"),
    "script": _("script"),
    "field code": _("field code"),
    "earlier": _("earlier version %(name)s"),
    "other": _("hidden data (%(name)s)"),
}
VISIBLE = frozenset(list(PLACES)[: list(PLACES).index("link")])

REASONS: dict[str, str | Promise] = {
    "locked": _("It is locked with a password."),
    "scanned": _("It is a picture without text, as a scanner makes it."),
    "damaged": _("It is damaged."),
    "missing": _("The file is missing."),
    "unknown": _("Files of this kind cannot be read."),
    "letters": _("Its font does not say which letters it shows."),
    "recording": _("It is a recording."),
    "large": _("It is too large when it is unpacked."),
    "long": _("It has more words than can be searched."),
    "deep": _("It lies in a file in a file in a file."),
    "many": _("There are too many files in it."),
    "late": _("Reading it would take too long."),
    "memory": _("Reading it would need too much memory."),
}


def is_visible(place: Place) -> bool:
    """Return whether readers of a public copy see what is at this position on a page."""
    return all(kind in VISIBLE for kind, _name in place)


def is_program_data(place: Place) -> bool:
    """Return whether a program wrote what is at this position, so that numbers in it mean little."""
    return bool(place) and place[-1][0] == "other"


def in_words(place: Place) -> str:
    """Return 'attachment a.docx, comment by Ana', in the active language; '' for the whole document."""
    return ", ".join(str(PLACES.get(kind, PLACES["other"])) % {"name": name} for kind, name in place)


def reason_in_words(reason: str) -> str:
    """Return the reason why something was not read as a sentence, in the active language."""
    return str(REASONS.get(reason, REASONS["damaged"]))
