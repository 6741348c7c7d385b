"""Widgets for choosing terms: a plain list of options that a small script filters by any name of a term."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _


class _TermOptions(forms.Widget):
    """Renders `<term-select><select>…</select></term-select>`, which works without the script too.

    The options are joined here, because Django's template for each option takes seconds with 5000 terms.
    """

    class Media:
        js = ("firsthand-admin/term-select.js",)
        css = {"all": ("firsthand-admin/term-select.css",)}

    choices: Any
    rows_shown = 12

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        del renderer  # the options do not come from a template
        final = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        many = bool(getattr(self, "allow_multiple_selected", False))
        if many:
            final.update(multiple=True, size=self.rows_shown)
        chosen = {str(pk) for pk in (value if isinstance(value, (list, tuple, set)) else [value]) if pk}
        return format_html(
            '<term-select data-find="{}" data-nothing="{}" data-remove="{}" data-more="{}" data-none="{}">'
            "<select{}>{}</select></term-select>",
            _("Type a name: CP, stroke, Botox …"),
            _("Nothing found. Try another name."),
            _("Remove"),
            _("more: type to narrow the list"),
            _("None chosen"),
            flatatt(final),
            mark_safe("".join(self._options(chosen, many))),
        )

    def _options(self, chosen: set[str], many: bool) -> Iterable[str]:
        queryset = getattr(self.choices, "queryset", None)
        if queryset is None:
            return
        if not many:
            empty = getattr(getattr(self.choices, "field", None), "empty_label", "") or "—"
            yield f'<option value="">{escape(empty)}</option>'
        names: dict[int, list[str]] = defaultdict(list)
        name_model = queryset.model._meta.get_field("names").related_model
        for pk, name in name_model.objects.order_by("pk").values_list("term_id", "name"):
            names[pk].append(name)
        for pk, depth, name in queryset.order_by("path").values_list("pk", "depth", "name"):
            words = escape("|".join(names[pk]))
            selected = " selected" if str(pk) in chosen else ""
            indent = "\u2003" * (depth - 1)
            yield (
                f'<option value="{pk}" data-depth="{depth}" data-words="{words}"{selected}>'
                f"{indent}{escape(name)}</option>"
            )


class TermSelect(_TermOptions, forms.SelectMultiple):
    """A widget for any number of terms."""


class TermSelectOne(_TermOptions, forms.Select):
    """A widget for one term, or for none where the field allows it."""
