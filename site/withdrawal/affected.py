"""What withdrawing a consent would affect: pages, parts of pages, and mentions on other pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from wagtail.models import Page

from consent import services as consent_services
from consent import time_spans
from consent.grants import ConsentLookup
from consent.models import Consent
from consent.uses import Use
from publication.mixins import AboutPerson, about_person_models
from publication.models import Clearance, PageDependency
from publication.windows import windows
from withdrawal.surfaces import Scope
from withdrawal.surfaces.mentions import uses_left


def pages_depending_on(person: int) -> list[Any]:
    """Return every page, public or not, that is about this person or shows them, in the order of the tree."""
    numbers = set(PageDependency.objects.filter(person=person).values_list("page", flat=True))
    # The index is updated when a page is saved: it does not know pages that were written in another way.
    for model in about_person_models():
        if any(field.name == "person" for field in model._meta.get_fields()):
            numbers |= set(model._default_manager.filter(person=person).values_list("pk", flat=True))
    numbers |= set(Page.objects.filter(alias_of__in=numbers).values_list("pk", flat=True))
    pages = Page.objects.filter(pk__in=numbers).order_by("path").specific()
    return [page for page in pages if isinstance(page, AboutPerson)]


def preview(
    *,
    person: int,
    consents: Iterable[Consent],
    uses: Iterable[str] = (),
    at: datetime | None = None,
    also: Iterable[str] = (),
) -> Scope:
    """Return what withdrawing these consents, altogether or for some uses, would affect. Change nothing.

    `also`: keys of ambiguous mentions on other pages that are the person (`mentions.cleaning.Found.key`).
    """
    at = at or timezone.now()
    scope = Scope(person=person, at=at, uses=frozenset(map(Use, uses)))
    withdrawn = {consent.pk for consent in consents}
    redacted: dict[Any, frozenset[str]] = {}
    pages = pages_depending_on(person)
    clearances = {
        clearance.pk: clearance
        for clearance in Clearance.objects.filter(page__in=[page.pk for page in pages])
    }
    for page in pages:
        agreed = ConsentLookup.by(need.person for need in page.consent_requirements() if need.person)
        for consent in (one for given in agreed.consents.values() for one in given if one.pk in withdrawn):
            consent_services.mark_withdrawn(consent, scope.uses, at)
        whole, parts = windows(page, agreed)
        if time_spans.at(whole, at) is None:
            scope.unpublished.append(page)
        elif page.live and page.pk in clearances:
            out = {part for part, spans in parts.items() if time_spans.at(spans, at) is None}
            if new := frozenset(out - clearances[page.pk].redacted(at)):
                redacted[page] = new
    scope.redacted = redacted
    scope.also = frozenset(also)
    scope.uses_left = uses_left(scope, withdrawn)
    return scope
