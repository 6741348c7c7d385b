"""Widgets for choosing terms: the chosen ones, and a field to type into that asks the server.

The size of a form does not depend on the vocabulary. Without script, or when the server does not answer while
an editor types, the field sends what was typed, and the form field finds the terms by their names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

# Behind the name of the field: what was typed and not chosen.
TYPED = "-typed"


class ChosenTerms(list[str]):
    """The keys of the chosen terms as a form sends them, and what was typed besides."""

    def __init__(self, keys: Iterable[Any], typed: str = "") -> None:
        super().__init__(str(key) for key in keys if key not in (None, ""))
        self.typed = typed


class _TermChooser(forms.Widget):
    """Renders `<term-select>`: a list of the chosen terms and a text field."""

    class Media:
        js = ("firsthand-admin/term-select.js",)
        css = {"all": ("firsthand-admin/term-select.css",)}

    # Set by the form field (`ModelChoiceField` gives its choices to its widget).
    choices: Any = ()
    allow_multiple_selected = False

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        del renderer  # a template for each part would cost more than the part
        final = self.build_attrs(self.attrs, attrs)
        number = final.pop("id", "") or f"id_{name}"
        keys = value if isinstance(value, list | tuple | set) else [value]
        typed = getattr(value, "typed", "")
        queryset = getattr(self.choices, "queryset", None)
        chosen = self._chosen(queryset, keys)
        inside: dict[str, Any] = {"name": name, "id": f"{number}-chosen", "aria-label": _("Chosen")}
        if self.allow_multiple_selected:
            inside |= {"multiple": True, "size": max(2, min(len(chosen), 8))}
        if not chosen:
            inside["hidden"] = True
        field = {
            "type": "text",
            "name": f"{name}{TYPED}",
            "id": number,
            "value": typed,
            "autocomplete": "off",
        }
        # Chosen terms satisfy a required field too, which the browser cannot know.
        final.pop("required", None)
        return format_html(
            '<term-select data-url="{}" data-nothing="{}" data-remove="{}" data-more="{}" data-none="{}" '
            'data-failed="{}" data-found="{}"><select{}>{}</select><input{}{}></term-select>',
            _address(queryset),
            _("Nothing found. Try another name."),
            _("Remove"),
            _("There are more: type to narrow the list."),
            _("None chosen"),
            _("The server does not answer. What you typed stays here and is looked up when you save."),
            _("Found: "),
            flatatt(inside),
            self._options(chosen),
            flatatt({**field, "placeholder": self._hint()}),
            flatatt(final),
        )

    def _hint(self) -> str:
        if self.allow_multiple_selected:
            return _("Type names or codes: CP; stroke; G80.1")
        return _("Type a name or code: CP, stroke, G80.1")

    def _chosen(self, queryset: Any, keys: Iterable[Any]) -> list[tuple[Any, str]]:
        """Return the key and name of each chosen term, in the order of the tree: at most one query."""
        known = [key for key in map(str, keys) if key.isascii() and key.isdigit() and len(key) < 19]
        if queryset is None or not known:
            return []
        return list(queryset.filter(pk__in=known).order_by("path").values_list("pk", "name"))

    def _options(self, chosen: list[tuple[Any, str]]) -> SafeString:
        options = format_html_join("", '<option value="{}" selected>{}</option>', chosen)
        if self.allow_multiple_selected:
            return options
        empty = getattr(getattr(self.choices, "field", None), "empty_label", "") or "—"
        return format_html('<option value="">{}</option>{}', empty, options)

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> ChosenTerms:
        del files
        keys = data.getlist(name) if hasattr(data, "getlist") else data.get(name) or []
        keys = keys if isinstance(keys, list | tuple | set) else [keys]
        return ChosenTerms(keys, str(data.get(f"{name}{TYPED}") or "").replace("\x00", "").strip())

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """A list of which nothing is chosen is not sent at all."""
        del data, files, name
        return False


class TermSelect(_TermChooser):
    """A widget for any number of terms."""

    allow_multiple_selected = True


class TermSelectOne(_TermChooser):
    """A widget for one term, or for none where the field allows it."""


def _address(queryset: Any) -> str:
    if queryset is None:
        return ""
    meta = queryset.model._meta
    return reverse("terms", args=[meta.app_label, meta.model_name])
