"""Consents in the admin: listed by state; the audit trail records who changed what and why."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets import Button
from wagtail.log_actions import log
from wagtail.snippets.views.snippets import DeleteView, EditView, SnippetViewSet

from audit.actors import Actor
from consent import services
from consent.admin.access import ViewersChooser
from consent.models import Consent, ConsentForm
from consent.uses import UNDERSTOOD, Use, field_of

STATES = [
    ("in_force", _("In force")),
    ("ending", _("Ends within 60 days")),
    ("expired", _("Expired")),
    ("withdrawn", _("Withdrawn")),
    ("unsigned", _("Not signed")),
]


def in_state(consents: QuerySet[Consent], state: str) -> QuerySet[Consent]:
    """Return those of `consents` that are now in `state`, one of STATES."""
    now = timezone.now()
    objects: Any = consents
    if state in {"in_force", "ending", "withdrawn"}:
        found: QuerySet[Consent] = getattr(objects, state)()
        return found
    if state == "unsigned":
        return consents.filter(signed_on=None, withdrawn_at=None)
    return consents.filter(Q(ends_at__lte=now), withdrawn_at=None, signed_on__isnull=False)


class ConsentFilters(WagtailFilterSet):
    """Filters of the list of consents."""

    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=STATES,
        method="filter_state",
        widget=forms.RadioSelect,
        empty_label=_("All"),
    )
    use = django_filters.ChoiceFilter(label=_("Allows"), choices=Use.choices, method="filter_use")

    class Meta:
        model = Consent
        fields: list[str] = []

    def filter_state(self, queryset: QuerySet[Consent], _name: str, value: str) -> QuerySet[Consent]:
        return in_state(queryset, value)

    def filter_use(self, queryset: QuerySet[Consent], _name: str, value: str) -> QuerySet[Consent]:
        return queryset.filter(**{field_of(value): True})


class ConsentAdminForm(WagtailAdminModelForm):
    """The form of a consent, with the reason for a change, which goes to the audit trail."""

    why = forms.CharField(
        label=_("Reason for the change"),
        required=False,
        max_length=300,
        help_text=_(
            "Required when a signed consent is changed. Do not name people: the reason goes to the "
            "audit trail."
        ),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        signed_before = bool(self.instance.pk) and bool(self.initial.get("signed_on"))
        changed = set(self.changed_data) - {"why"}
        if signed_before and changed and not (cleaned.get("why") or "").strip():
            self.add_error(
                "why",
                gettext("Give a reason: this consent was signed, and the audit trail records every change."),
            )
        return cleaned

    def save(self, commit: bool = True) -> Consent:
        """Pass the consent to the services, which alone write consents."""
        if not commit:
            raise ValueError("A consent is stored by consent.services, in one transaction.")
        by = Actor.of(self.for_user)
        if self.instance.pk:
            return services.change_consent(
                consent=self.instance, by=by, reason=(self.cleaned_data.get("why") or "").strip()
            )
        return services.record_consent(consent=self.instance, by=by)


class ConsentEditView(EditView):
    """The edit view, with links to the signed form, the person's record and the withdrawal."""

    @property
    def header_more_buttons(self) -> list[Button]:
        """The buttons for the signed form, everything linked to the person, and a withdrawal."""
        buttons = [*super().header_more_buttons]
        if self.object.signature:
            url = reverse("consent_signed_form", args=[self.object.pk])
            buttons.append(Button(_("Signed form"), url=url, icon_name="download", priority=50))
        url = reverse("consent_person_record", args=[self.object.person_id])
        buttons.append(
            Button(_("Everything linked to this person"), url=url, icon_name="list-ul", priority=60)
        )
        if self.object.withdrawn_at is None and self.request.user.has_perm("withdrawal.add_withdrawal"):
            url = reverse("withdraw_consent", args=[self.object.pk])
            buttons.append(Button(_("Withdraw"), url=url, icon_name="cross", priority=70))
        return buttons


class ConsentDeleteView(DeleteView):
    """Deletes unsigned consents only. Published pages depended on a signed one: it is withdrawn."""

    def delete_action(self) -> None:
        with transaction.atomic():
            log(instance=self.object, action="wagtail.delete")
            services.delete_consent(consent=self.object, by=Actor.of(self.request.user))

    def get_object(self, queryset: Any = None) -> Any:
        found = super().get_object(queryset)
        if found.signed_on:
            raise PermissionDenied(gettext("A signed consent cannot be deleted. Withdraw it instead."))
        return found


class ConsentViewSet(SnippetViewSet):
    """Consents in the admin, without revisions: for a snippet with revisions, Wagtail would publish each
    autosave.
    """

    model = Consent
    icon = "clipboard-list"
    menu_label = _("Consents")
    menu_order = 20
    base_url_path = "consents"
    filterset_class = ConsentFilters
    chooser_viewset_class = ViewersChooser
    copy_view_enabled = False
    inspect_view_enabled = False
    edit_view_class = ConsentEditView
    delete_view_class = ConsentDeleteView
    list_per_page = 50
    list_display = [
        "__str__",
        Column("person", label=_("Person"), accessor="person", sort_key="person__display_name"),
        Column("state", label=_("State"), accessor=lambda consent: consent.state().label),
        Column("uses", label=_("Allows"), accessor=lambda consent: len(consent.uses)),
        Column(
            "ends_at",
            label=_("Ends"),
            accessor=lambda consent: consent.ends_at and consent.ends_at.date(),
            sort_key="ends_at",
        ),
    ]
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    "person",
                    "form",
                    FieldRowPanel(["signed_on", "collected_by"]),
                    FieldPanel("signature", widget=forms.FileInput),
                    "witness",
                ],
                heading=_("Person and form"),
            ),
            MultiFieldPanel(
                [
                    HelpPanel(content=_("For a child: who signed, and the child’s own assent.")),
                    FieldRowPanel(["signer", "guardian"]),
                    "legally_entitled",
                    "capacity",
                    FieldRowPanel(["assent", "assent_note"]),
                ],
                heading=_("Signed for someone else"),
            ),
            MultiFieldPanel(
                [FieldPanel(field_of(use)) for use in Use], heading=_("The person agreed to each of these")
            ),
            MultiFieldPanel([FieldPanel(name) for name in UNDERSTOOD], heading=_("The signer understood")),
            MultiFieldPanel(
                ["material", "page", FieldRowPanel(["seen", "not_seen"]), "material_hash", "interpreter"],
                heading=_("What the consent is about"),
                classname="collapsed",
            ),
            MultiFieldPanel([FieldRowPanel(["starts_at", "until"]), "conditions"], heading=_("Terms")),
            FieldPanel("why", heading=_("Reason for the change")),
        ],
        base_form_class=ConsentAdminForm,
    )

    def get_queryset(self, _request: Any) -> QuerySet[Consent]:
        return Consent.objects.select_related("person")


class ConsentFormViewSet(SnippetViewSet):
    """Consent forms in the admin."""

    model = ConsentForm
    icon = "doc-full"
    menu_label = _("Consent forms")
    menu_order = 30
    base_url_path = "consent-forms"
    chooser_viewset_class = ViewersChooser
    copy_view_enabled = False
    list_display = ["name", "language", "version", "created_at"]
    panels = [FieldRowPanel(["name", "language", "version"]), "text"]
