"""Form fields for choosing terms, and the form that edits a term."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.telepath import register as register_telepath_adapter
from wagtail.admin.telepath.widgets import SelectAdapter

from conditions.term_search import named, search
from conditions.widgets import ChosenTerms, TermSelect, TermSelectOne

# Names offered in a message.
ADVISED = 5

if TYPE_CHECKING:
    MultipleChoice = forms.ModelMultipleChoiceField[Any]
    Choice = forms.ModelChoiceField[Any]
else:
    MultipleChoice, Choice = forms.ModelMultipleChoiceField, forms.ModelChoiceField


class TermMultipleChoiceField(MultipleChoice):
    """Several terms of one vocabulary, found by any of their names."""

    widget = TermSelect

    def prepare_value(self, value: Any) -> Any:
        """Keep what was typed when a form with an error is shown again."""
        return value if isinstance(value, ChosenTerms) else super().prepare_value(value)

    def clean(self, value: Any) -> Any:
        """Return the chosen terms, and those whose names were typed, separated by semicolons."""
        keys = list(value or ())
        keys += [str(term.pk) for name in names_in(value) for term in [term_named(self.queryset, name)]]
        return super().clean(list(dict.fromkeys(map(str, keys))))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(getattr(data, "typed", "")) or super().has_changed(initial, data)


class TermChoiceField(Choice):
    """One term of a vocabulary, found by any of its names."""

    widget = TermSelectOne

    def clean(self, value: Any) -> Any:
        """Return the term whose name was typed, else the chosen one."""
        if typed := getattr(value, "typed", ""):
            return super().clean(term_named(self.queryset, typed).pk)
        return super().clean(_only(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(getattr(data, "typed", "")) or super().has_changed(initial, _only(data))


def _only(value: Any) -> Any:
    """Return the one key of what a form sent."""
    return (value[-1] if value else "") if isinstance(value, list) else value


def names_in(value: Any) -> list[str]:
    """Return the names that were typed: 'CP; stroke' has two."""
    typed = getattr(value, "typed", "")
    return [name for part in typed.split(";") if (name := part.strip())]


def term_named(queryset: Any, typed: str) -> Any:
    """Return the only term with this name or code. Raises ValidationError, with advice, otherwise."""
    found = named(queryset, typed)
    if len(found) == 1:
        return found[0]
    if found:
        text = _("“%(typed)s” is a name of several terms: %(names)s. Type the full name of one of them.")
        names = [term.name for term in found[:ADVISED]]
        raise ValidationError(text, code="several", params={"typed": typed, "names": "; ".join(names)})
    near = [term.name for term in search(queryset.model, typed).terms[:ADVISED]]
    if near:
        text = _("“%(typed)s” is not a name in the vocabulary. Similar names: %(names)s.")
    else:
        text = _("“%(typed)s” is not a name in the vocabulary. Try another name or spelling.")
    raise ValidationError(text, code="unknown", params={"typed": typed, "names": "; ".join(near)})


class TermSelectAdapter(SelectAdapter):
    """Describes the widget to Wagtail's scripts, for forms that they add to a page."""

    def js_args(self, widget: Any) -> list[Any]:
        empty = type(widget)(attrs=widget.attrs)
        empty.choices = widget.choices
        return [empty.render("__NAME__", None, attrs={"id": "__ID__"})]


def register_term_fields(term: type[models.Model]) -> None:
    """Make the admin use these fields for every relation to a vocabulary, so that a page only needs a panel.

    `term`: the abstract model of all vocabularies.
    """

    def many(field: Any) -> dict[str, Any] | None:
        model = field.remote_field.model
        is_term = isinstance(model, type) and issubclass(model, term)
        return {"form_class": TermMultipleChoiceField} if is_term else None

    for widget in (TermSelect, TermSelectOne):
        register_telepath_adapter(TermSelectAdapter(), widget)
    register_form_field_override(models.ManyToManyField, override=many)
    register_form_field_override(models.ForeignKey, to=term, override={"form_class": TermChoiceField})


class TermForm(WagtailAdminModelForm):
    """A term and its parent. Changing the parent moves the term and all terms below it."""

    parent = TermChoiceField(
        queryset=None,
        required=False,
        label=_("Below"),
        help_text=_("The wider term above this one. Leave empty for the top of the tree."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        manager = self.instance._meta.model._default_manager
        self.fields["parent"].queryset = manager.all()
        if self.instance.pk:
            above = self.instance.get_parent()
            self.initial["parent"] = above.pk if above else None

    def clean_parent(self) -> Any:
        parent = self.cleaned_data["parent"]
        if (
            parent
            and self.instance.pk
            and (parent == self.instance or parent.is_descendant_of(self.instance))
        ):
            raise ValidationError(
                _("“%(parent)s” is this term or is below it. Choose another term."),
                params={"parent": parent},
            )
        return parent

    @transaction.atomic
    def save(self, commit: bool = True) -> Any:
        parent = self.cleaned_data.get("parent")
        if not commit:
            return super().save(commit=False)
        if self.instance.pk is None:
            # treebeard saves the term when it adds it to the tree; names and codes are saved with it.
            instance = super().save(commit=False)
            if parent:
                parent.add_child(instance=instance)
            else:
                type(instance).add_root(instance=instance)
            return instance
        instance = super().save()
        if "parent" in self.cleaned_data:
            self._move(instance, parent)
        return instance

    def _move(self, instance: Any, parent: Any) -> None:
        manager = type(instance)._default_manager
        here = manager.get(pk=instance.pk)
        above = here.get_parent()
        if (above.pk if above else None) == (parent.pk if parent else None):
            return
        if parent:
            here.move(manager.get(pk=parent.pk), "last-child")
        else:
            here.move(type(instance).get_last_root_node(), "last-sibling")
        for name in ("path", "depth", "numchild"):
            setattr(instance, name, getattr(here, name))
