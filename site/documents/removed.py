"""What a public copy does not contain of its document, counted, and in words for editors."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

_COUNTED = {
    "comment": ngettext_lazy("%(n)d comment", "%(n)d comments", "n"),
    "change": ngettext_lazy("%(n)d tracked change", "%(n)d tracked changes", "n"),
    "annotation": ngettext_lazy("%(n)d note on a page", "%(n)d notes on pages", "n"),
    "attachment": ngettext_lazy("%(n)d attachment", "%(n)d attachments", "n"),
    "embedded": ngettext_lazy("%(n)d embedded file", "%(n)d embedded files", "n"),
    "script": ngettext_lazy("%(n)d script", "%(n)d scripts", "n"),
    "action": ngettext_lazy("%(n)d action", "%(n)d actions", "n"),
    "field": ngettext_lazy("%(n)d form field (its words stay)", "%(n)d form fields (their words stay)", "n"),
    "link": ngettext_lazy("%(n)d link to a file or program", "%(n)d links to files or programs", "n"),
    "bookmark": ngettext_lazy("%(n)d bookmark", "%(n)d bookmarks", "n"),
    "layer": ngettext_lazy("%(n)d hidden layer", "%(n)d hidden layers", "n"),
    "hidden text": ngettext_lazy("%(n)d piece of hidden text", "%(n)d pieces of hidden text", "n"),
    "hidden sheet": ngettext_lazy("%(n)d hidden sheet", "%(n)d hidden sheets", "n"),
    "hidden cell": ngettext_lazy("%(n)d hidden cell", "%(n)d hidden cells", "n"),
    "hidden slide": ngettext_lazy("%(n)d hidden slide", "%(n)d hidden slides", "n"),
    "notes": ngettext_lazy("speaker notes of %(n)d slide", "speaker notes of %(n)d slides", "n"),
    "formula": ngettext_lazy("%(n)d formula (its value stays)", "%(n)d formulas (their values stay)", "n"),
    "defined name": ngettext_lazy("%(n)d defined name", "%(n)d defined names", "n"),
    "recording": ngettext_lazy("%(n)d recording", "%(n)d recordings", "n"),
    "picture": ngettext_lazy("%(n)d unusual picture", "%(n)d unusual pictures", "n"),
    "picture data": ngettext_lazy("hidden data of %(n)d picture", "hidden data of %(n)d pictures", "n"),
    "macro": ngettext_lazy("%(n)d macro", "%(n)d macros", "n"),
}  # fmt: skip
_NAMED: dict[str, str | Promise] = {
    "author": _("author"),
    "property": _("document properties"),
    "earlier": _("earlier versions"),
    "custom": _("custom data"),
    "printer": _("printer settings"),
    "thumbnail": _("thumbnail"),
    "other": _("other hidden data"),
}


def in_words(removed: Mapping[str, int]) -> list[str]:
    """Return '2 comments', '1 attachment', 'author' in the active language, in a fixed order."""
    counted = [str(_COUNTED[key] % {"n": removed[key]}) for key in _COUNTED if removed.get(key)]
    return [*counted, *(str(name) for key, name in _NAMED.items() if removed.get(key))]
