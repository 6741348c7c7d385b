"""People in the admin."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets import Button
from wagtail.snippets.views.snippets import CreateView, EditView, SnippetViewSet

from audit import trail
from audit.actors import Actor
from consent.admin.person_chooser import PersonChooser
from consent.expiring import without_consent
from consent.models import Consent, Person


class PersonFilters(WagtailFilterSet):
    """Filters of the list of people."""

    consent = django_filters.ChoiceFilter(
        label=_("Consent"),
        choices=[
            ("missing", _("Missing: the person has a page but no consent in force")),
            ("in_force", _("In force")),
        ],
        method="filter_consent",
        widget=forms.RadioSelect,
        empty_label=_("All"),
    )
    country = django_filters.AllValuesFilter(label=_("Country"))

    class Meta:
        model = Person
        fields: list[str] = []

    def filter_consent(self, queryset: QuerySet[Person], _name: str, value: str) -> QuerySet[Person]:
        if value == "missing":
            return without_consent(queryset)
        return queryset.filter(consents__in=Consent.objects.in_force()).distinct()


class PersonCreateView(CreateView):
    """The create view; the audit trail records who added the person."""

    def save_instance(self) -> Any:
        with transaction.atomic():
            made = super().save_instance()
            trail.record(by=Actor.of(self.request.user), action="person.recorded", thing=made, person=made.pk)
        return made


class PersonEditView(EditView):
    """The edit view, with links to the person's record and a withdrawal."""

    @property
    def header_more_buttons(self) -> list[Button]:
        """The buttons for everything linked to the person, and for a withdrawal."""
        url = reverse("consent_person_record", args=[self.object.pk])
        button = Button(_("Everything linked to this person"), url=url, icon_name="list-ul", priority=60)
        buttons = [*super().header_more_buttons, button]
        if self.request.user.has_perm("withdrawal.add_withdrawal"):
            url = reverse("withdraw_person", args=[self.object.pk])
            buttons.append(Button(_("Withdraw everything"), url=url, icon_name="cross", priority=70))
        return buttons

    def save_instance(self) -> Any:
        with transaction.atomic():
            saved = super().save_instance()
            if self.form.changed_data:
                trail.record(
                    by=Actor.of(self.request.user),
                    action="person.changed",
                    thing=saved,
                    person=saved.pk,
                    details={"fields": sorted(self.form.changed_data)},
                )
        return saved


class PersonViewSet(SnippetViewSet):
    """People in the admin."""

    model = Person
    icon = "user"
    menu_label = _("People")
    menu_order = 10
    base_url_path = "people"
    filterset_class = PersonFilters
    chooser_viewset_class = PersonChooser
    add_view_class = PersonCreateView
    edit_view_class = PersonEditView
    copy_view_enabled = False
    list_per_page = 50
    list_display = [
        "display_name",
        Column(
            "country", label=_("Country"), accessor=lambda person: person.country.name, sort_key="country"
        ),
        Column("birth_year", label=_("Born"), accessor="birth_year", sort_key="birth_year"),
        Column("consents", label=_("Consents in force"), accessor=lambda person: person.in_force),
    ]
    search_fields = ["display_name", "private_name"]
    search_backend_name = None
    panels = [
        MultiFieldPanel(["display_name", "country"], heading=_("May be shown")),
        MultiFieldPanel(
            [
                "private_name",
                FieldRowPanel(["birth_date", "birth_year", "of_age_at"]),
                FieldRowPanel(["email", "language"]),
                "contact",
                "private_words",
                "is_dead",
                "notes",
            ],
            heading=_("Private"),
        ),
        InlinePanel("guardianships", heading=_("Who signs for them"), label=_("Guardian")),
        InlinePanel(
            "republications",
            heading=_("Republished elsewhere"),
            label=_("Publisher"),
            help_text=_("Publishers who republished a story. Notify them when the story is withdrawn."),
        ),
    ]

    def get_queryset(self, _request: HttpRequest) -> QuerySet[Person]:
        # Counted for the people of one page of the list, not for all.
        consents = Consent.objects.in_force().filter(person=OuterRef("pk")).order_by()
        counted = consents.values("person").annotate(number=Count("pk")).values("number")
        return Person.objects.annotate(in_force=Coalesce(Subquery(counted), 0))
