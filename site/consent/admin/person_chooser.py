"""The chooser with which an editor links a page to a person, found by name."""

from __future__ import annotations

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView

from consent.admin.access import ViewersChooser
from consent.models import Person


class NameFilter(BaseFilterForm):
    """Finds people by any part of either name, in the database: people are deliberately not in the search
    index.
    """

    q = forms.CharField(
        label=_("Search term"), widget=forms.TextInput(attrs={"placeholder": _("Search")}), required=False
    )

    def filter(self, objects: QuerySet[Person]) -> QuerySet[Person]:
        objects = super().filter(objects)
        if words := self.cleaned_data.get("q"):
            objects = objects.filter(Q(display_name__icontains=words) | Q(private_name__icontains=words))
            self.is_searching, self.search_query = True, words
        return objects


class ChoosePerson(ChooseView):
    filter_form_class = NameFilter


class ChoosePersonResults(ChooseResultsView):
    filter_form_class = NameFilter


class PersonChooser(ViewersChooser):
    """Chooses a person; a user with permission can also add a new person."""

    choose_view_class = ChoosePerson
    choose_results_view_class = ChoosePersonResults
    per_page = 50
    form_fields = ["display_name", "private_name", "country"]
