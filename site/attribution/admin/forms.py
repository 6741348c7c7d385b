"""The form in which an editor says who is in a picture or recording."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.snippets.widgets import AdminSnippetChooser

from consent.models import Depiction, Person

# Rows to fill in, beyond those that are filled in already.
EMPTY_ROWS = 2


class PersonShownForm(forms.Form):
    """One person in the file."""

    person = forms.ModelChoiceField(
        Person.objects.filter(erased_at=None),
        required=False,
        label=_("Person"),
        help_text=_("Private: the person whose consent the file needs wherever it is shown."),
    )
    is_recognisable = forms.BooleanField(
        required=False,
        initial=True,
        label=_("The face can be recognised"),
        help_text=_("Bars over the eyes do not make a person unrecognisable."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)
        field.widget = AdminSnippetChooser(Person, icon="user")


class EveryoneShown(forms.BaseFormSet):  # type: ignore[type-arg]
    """The people in one file, each once."""

    def clean(self) -> None:
        chosen = [form.cleaned_data.get("person") for form in self.forms if hasattr(form, "cleaned_data")]
        for form, person in zip(self.forms, chosen, strict=False):
            if person is not None and chosen.index(person) != self.forms.index(form):
                form.add_error("person", _("This person is chosen twice."))

    @property
    def people(self) -> dict[int, bool]:
        """Return the chosen people by number, each with whether the face can be recognised."""
        rows = [form.cleaned_data for form in self.forms]
        return {row["person"].pk: row["is_recognisable"] for row in rows if row.get("person")}


PeopleFormSet = forms.formset_factory(PersonShownForm, formset=EveryoneShown, extra=EMPTY_ROWS, max_num=30)


class NoOneForm(forms.Form):
    """The statement that no one is in the file. `people`: what the rows above say."""

    no_one = forms.BooleanField(required=False)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people: dict[int, bool] = {}
        self.fields["no_one"].label = (
            _("No one can be recognised in this picture")
            if kind == "picture"
            else _("No one is seen or heard in this recording")
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.people and cleaned.get("no_one"):
            self.add_error("no_one", _("A person is chosen below. Remove the person, or this tick."))
        elif not self.people and not cleaned.get("no_one"):
            self.add_error("no_one", _("Choose a person below, or tick this."))
        return cleaned


def rows_of(depictions: list[Depiction]) -> list[dict[str, Any]]:
    """Return what the rows of the form begin with."""
    return [{"person": row.person_id, "is_recognisable": row.is_recognisable} for row in depictions]
