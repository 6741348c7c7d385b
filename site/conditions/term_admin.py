"""The vocabulary in the admin: a list that shows the tree, search by any name, and guarded deletion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import CreateView, IndexView, SnippetViewSet

from conditions.models import Condition, Term
from conditions.querysets import uses


def reasons_to_keep(terms: Sequence[Term]) -> list[str]:
    """Return the reasons why these terms cannot be deleted, as sentences for an editor; [] when they can."""
    chosen = {term.pk for term in terms}
    reasons: list[str] = []
    for term in terms:
        below = sum(pk not in chosen for pk in term.get_descendants().values_list("pk", flat=True))
        if below:
            reasons.append(
                ngettext(
                    "“%(term)s” has %(below)s term below it. Move or delete that term first.",
                    "“%(term)s” has %(below)s terms below it. Move or delete those terms first.",
                    below,
                )
                % {"term": term, "below": below}
            )
        users = uses(type(term), type(term).objects.filter(pk=term.pk))
        if users:
            reasons.append(
                _t("“%(term)s” is used by %(users)s. Choose another term there first.")
                % {"term": term, "users": ", ".join(f"{use.count} × {use.kind}" for use in users)}
            )
    return reasons


def keep_used_terms(request: HttpRequest, instances: Sequence[models.Model]) -> HttpResponse | None:
    """Return to the list with the reasons if one of the snippets to delete is a term that is in use."""
    terms = [instance for instance in instances if isinstance(instance, Term)]
    reasons = reasons_to_keep(terms)
    if not reasons:
        return None
    for reason in reasons:
        messages.error(request, reason)
    viewset: Any = type(terms[0]).snippet_viewset
    return redirect(reverse(viewset.get_url_name("list")))


class TermIndexView(IndexView):
    is_searchable = True

    def search_queryset(self, queryset: Any) -> Any:
        return queryset.suggesting(self.search_query) if self.is_searching else queryset

    def order_queryset(self, queryset: Any) -> Any:
        return queryset.order_by("path")

    def get_list_more_buttons(self, instance: Any) -> list[Any]:
        buttons: list[Any] = super().get_list_more_buttons(instance)
        if self.add_url:
            buttons.append(
                Button(
                    _("Add a term below"),
                    url=f"{self.add_url}?parent={instance.pk}",
                    icon_name="plus",
                    priority=15,
                )
            )
        return buttons


class TermCreateView(CreateView):
    def get_initial(self) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_initial()
        parent = self.request.GET.get("parent", "")
        if parent.isascii() and parent.isdigit() and len(parent) < 19:
            initial["parent"] = int(parent)
        return initial


def other_names(term: Term) -> str:
    """Return the first few other names for the list: English ones first, abbreviations before the rest."""
    names = sorted(term.names.all(), key=lambda name: (name.language != "en", name.kind != "abbreviation"))
    return ", ".join(name.name for name in names[:4]) + (" …" if len(names) > 4 else "")


class TermChooserViewSet(SnippetChooserViewSet):
    # Foreign keys use conditions.forms.TermChoiceField, which finds a term by any of its names.
    register_widget = False


class TermViewSet(SnippetViewSet):
    """The admin of any vocabulary; a subclass names its `model` and `icon`."""

    index_view_class = TermIndexView
    add_view_class = TermCreateView
    chooser_viewset_class = TermChooserViewSet
    copy_view_enabled = False
    list_per_page = 100
    ordering = "path"
    search_fields = ["name"]
    list_display = ["indented", Column("names", label=_("Also called"), accessor=other_names)]

    def get_queryset(self, _request: HttpRequest) -> Any:
        return self.model.objects.with_words()


class ConditionViewSet(TermViewSet):
    model = Condition
    icon = "tag"
