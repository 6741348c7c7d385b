"""The admin page that shows everything linked to one person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import Page

from audit import trail
from audit.actors import Actor
from audit.models import AuditEntry
from consent.models import Consent, Person

MOST_LISTED, MOST_ENTRIES = 200, 100


@dataclass(frozen=True)
class LinkedObjects:
    """The objects of one model that are linked to a person: (text, address in the admin) for each."""

    heading: str
    objects: list[tuple[str, str]]


def linked_to(person: Person, user: Any) -> list[LinkedObjects]:
    """Return everything linked to the person, by model: pages, interviews, consents, pictures, answers,
    withdrawals.
    """
    finder = AdminURLFinder(user)
    found = []
    for relation in Person._meta.related_objects:
        accessor = relation.get_accessor_name()
        if not accessor:
            continue
        rows = list(getattr(person, accessor).all()[:MOST_LISTED])
        if not rows:
            continue
        objects = [(_text_of(row), finder.get_edit_url(_editable(row)) or "") for row in rows]
        model = relation.related_model
        found.append(LinkedObjects(str(model._meta.verbose_name_plural).capitalize(), objects))
    return found


def _editable(row: Any) -> Any:
    """Return the object to which a row without an admin page of its own belongs, else the row."""
    for name in ("interview", "page", "consent", "picture", "recording"):
        if getattr(row, f"{name}_id", None) and not isinstance(row, Page | Consent):
            return getattr(row, name)
    return row


def _text_of(row: Any) -> str:
    if isinstance(row, Page):
        state = _("public") if row.live else _("draft")
        return f"{row.get_admin_display_title()} ({state})"
    if isinstance(row, Consent):
        return f"{row}: {row.state().label}"
    owner = _editable(row)
    return str(row) if owner is row else f"{row} → {owner}"


def person_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Show everything linked to a person. The audit trail records who looks at it."""
    if not request.user.has_perm("consent.view_consent"):
        raise PermissionDenied
    person = get_object_or_404(Person, pk=pk)
    trail.record(by=Actor.of(request.user), action="person.read", thing=person, person=person.pk)
    return render(
        request,
        "consent/admin/everything.html",
        {
            "person": person,
            "linked": linked_to(person, request.user),
            "entries": AuditEntry.objects.filter(person_number=person.pk)[:MOST_ENTRIES],
            "page_title": _("Everything linked to %(person)s") % {"person": person},
            "header_icon": "user",
        },
    )
