"""The form a visitor fills in, made from what an editor laid out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.forms.forms import BaseForm, FormBuilder

from information.received import STAMP, TRAP, haste, stamp, tidied_lists

LONGEST_LINE = 255
LONGEST_TEXT = 50_000

QUICK = _("That was very quick, so we could not tell you from a robot. Please send it again.")
OLD = _("This page was open for a long time. Nothing is lost: please send it again.")
TRAPPED = _(
    "A field that visitors do not see was filled in, perhaps by your browser, so we could not tell you from "
    "a robot. "
    "It is empty again: please send the form again."
)
REFUSED = _(
    "Your browser did not prove that this comes from our page: its cookies may be off, or the page was open "
    "for a "
    "long time. Nothing is stored yet, and what you typed is kept below. Please send it again. If it does "
    "not "
    "work, allow cookies for this site."
)
REQUIRED = _("Please fill this in.")
TOO_LONG = _("Please shorten this to %(limit_value)d letters. It has %(show_value)d now. Nothing is cut off.")


class VisitorForm(BaseForm):
    """Fields as laid out, with the trap and the time stamp that tell robots (information.received)."""

    error_css_class = "bad"

    def __init__(self, data: Any = None, *args: Any, refused: bool = False, **kwargs: Any) -> None:
        if data is not None:
            tidy = data.copy()
            for name, values in tidied_lists(dict(data.lists())).items():
                tidy.setlist(name, values)
            data = tidy
        self.refused = refused
        super().__init__(data, *args, **kwargs)

    @property
    def page_id(self) -> int:
        return self.page.pk or 0

    @property
    def stamp_value(self) -> str:
        """The stamp to write into the page: the one that came in while it is good, else a new one."""
        value = self.data.get(STAMP, "") if self.is_bound else ""
        return value if value and haste(value, self.page_id) != "old" else stamp(self.page_id)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.refused:
            self.add_error(None, forms.ValidationError(str(REFUSED), code="refused"))
        elif self.errors:
            return (
                cleaned  # it comes back in any case: a visitor who forgot a field need not hear about robots
            )
        elif self.data.get(TRAP):
            self.add_error(None, forms.ValidationError(str(TRAPPED), code="trap"))
        elif found := haste(self.data.get(STAMP, ""), self.page_id):
            self.add_error(None, forms.ValidationError(str(QUICK if found == "quick" else OLD), code=found))
        return cleaned


class VisitorFormBuilder(FormBuilder):
    def get_field_options(self, field: Any) -> dict[str, Any]:
        options: dict[str, Any] = super().get_field_options(field)
        options["error_messages"] = {"required": REQUIRED, "max_length": TOO_LONG}
        return options

    def get_create_field_function(self, type: str) -> Any:  # noqa: A002  # Wagtail's name
        create = super().get_create_field_function(type)

        def created(field: Any, options: dict[str, Any]) -> forms.Field:
            made: forms.Field = create(field, options)
            # A browser cuts a pasted text at maxlength without a word; our own message tells instead.
            made.widget.attrs.pop("maxlength", None)
            if autocomplete := getattr(field, "autocomplete", ""):
                made.widget.attrs["autocomplete"] = autocomplete
            return made

        return created

    def create_multiline_field(self, _field: Any, options: dict[str, Any]) -> forms.Field:
        return forms.CharField(max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 7}), **options)

    def create_singleline_field(self, _field: Any, options: dict[str, Any]) -> forms.Field:
        return forms.CharField(max_length=LONGEST_LINE, **options)

    def create_date_field(self, _field: Any, options: dict[str, Any]) -> forms.Field:
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **options)

    def get_form_class(self) -> type[VisitorForm]:
        return type("LaidOutForm", (VisitorForm,), self.formfields)
