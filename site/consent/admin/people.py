"""People in the admin, and a page that shows everything resting on one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets import Button
from wagtail.models import Page
from wagtail.snippets.views.snippets import CreateView, EditView, SnippetViewSet

from audit import trail
from audit.actors import Actor
from audit.models import AuditEntry
from consent.admin.person_chooser import PersonChooser
from consent.expiring import without_consent
from consent.models import Consent, Person


class PersonFilters(WagtailFilterSet):
    consent = django_filters.ChoiceFilter(
        label=_("Consent"),
        choices=[
            ("missing", _("Missing: a page rests on them without a consent in force")),
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
    def save_instance(self) -> Any:
        with transaction.atomic():
            made = super().save_instance()
            trail.record(by=Actor.of(self.request.user), action="person.recorded", thing=made, person=made.pk)
        return made


class PersonEditView(EditView):
    @property
    def header_more_buttons(self) -> list[Button]:
        url = reverse("consent_person_record", args=[self.object.pk])
        button = Button(_("Everything that rests on them"), url=url, icon_name="list-ul", priority=60)
        buttons = [*super().header_more_buttons, button]
        if self.request.user.has_perm("withdrawal.add_withdrawal"):
            url = reverse("withdraw_person", args=[self.object.pk])
            buttons.append(Button(_("Withdraw everything"), url=url, icon_name="cross", priority=70))
        return buttons

    def save_instance(self) -> Any:
        with transaction.atomic():
            kept = super().save_instance()
            if self.form.changed_data:
                trail.record(
                    by=Actor.of(self.request.user),
                    action="person.changed",
                    thing=kept,
                    person=kept.pk,
                    details={"fields": sorted(self.form.changed_data)},
                )
        return kept


class PersonViewSet(SnippetViewSet):
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
                "is_dead",
                "notes",
            ],
            heading=_("Private"),
        ),
        InlinePanel("guardianships", heading=_("Who signs for them"), label=_("Guardian")),
        InlinePanel(
            "republications",
            heading=_("Republished elsewhere"),
            label=_("Place"),
            help_text=_("Who took a story up: they are told when it is withdrawn."),
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Person]:
        in_force = Consent.objects.in_force().values("pk")
        return Person.objects.annotate(
            in_force=Count("consents", filter=Q(consents__in=in_force), distinct=True)
        )


# Everything that rests on somebody -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Resting:
    """One kind of things that name a person: (words, address in the admin) each."""

    heading: str
    things: list[tuple[str, str]]


def resting_on(person: Person, user: Any) -> list[Resting]:
    """All that names the person, by kind: pages, interviews, consents, pictures they are in, answers, withdrawals."""
    finder = AdminURLFinder(user)
    found = []
    for relation in Person._meta.related_objects:
        accessor = relation.get_accessor_name()
        if not accessor:
            continue
        rows = list(getattr(person, accessor).all()[:200])
        if not rows:
            continue
        things = [(_words(row), finder.get_edit_url(_admin_thing(row)) or "") for row in rows]
        model = relation.related_model
        found.append(Resting(str(model._meta.verbose_name_plural).capitalize(), things))
    return found


def _admin_thing(row: Any) -> Any:
    """Rows that have no admin page of their own lead to what they belong to."""
    for name in ("interview", "page", "consent", "picture", "recording"):
        if getattr(row, f"{name}_id", None) and not isinstance(row, Page | Consent):
            return getattr(row, name)
    return row


def _words(row: Any) -> str:
    if isinstance(row, Page):
        state = _now("public") if row.live else _now("draft")
        return f"{row.get_admin_display_title()} ({state})"
    if isinstance(row, Consent):
        return f"{row}: {row.state().label}"
    thing = _admin_thing(row)
    return str(row) if thing is row else f"{row} → {thing}"


def everything(request: HttpRequest, pk: int) -> HttpResponse:
    """The page 'Everything that rests on them'. Looking at it is written down."""
    if not request.user.has_perm("consent.view_consent"):
        raise PermissionDenied
    person = get_object_or_404(Person, pk=pk)
    trail.record(by=Actor.of(request.user), action="person.read", thing=person, person=person.pk)
    return render(
        request,
        "consent/admin/everything.html",
        {
            "person": person,
            "resting": resting_on(person, request.user),
            "entries": AuditEntry.objects.filter(person_number=person.pk)[:100],
            "page_title": _now("Everything that rests on %(person)s") % {"person": person},
            "header_icon": "user",
        },
    )
