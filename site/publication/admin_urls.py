"""Where in the admin an editor fixes what stops a publication. An address is '' where the admin has none."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse
from wagtail.models import Page


def person_url(number: int) -> str:
    """Return the address of a person's form."""
    return admin_url("wagtailsnippets_consent_person:edit", number)


def checklist_url(page: Page) -> str:
    """Return the address of the page's publication checklist, else of its editor."""
    return admin_url("publication_checklist", page.pk) or edit_url(page)


def edit_url(page: Page) -> str:
    """Return the address of the page's editor."""
    return admin_url("wagtailadmin_pages:edit", page.pk)


def admin_url(name: str, number: int | None) -> str:
    """Return the address of the view `name` for the object `number`, '' where there is no such view or
    number.
    """
    try:
        return reverse(name, args=[number]) if number else ""
    except NoReverseMatch:
        return ""
