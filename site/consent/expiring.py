"""Consents that must be renewed and when: a term ends, a child comes of age, a person has no consent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from consent.models import Consent, Person

# How many days before the end a reminder is sent.
AHEAD = (60, 30, 7, 0)


@dataclass(frozen=True)
class Due:
    """A consent that ends on `day`. `why`: in words; `days`: how many are left, negative after the end."""

    consent: Consent
    day: date
    days: int
    why: str


def due(within_days: int = 60, on: datetime | None = None, *, since_days: int = 0) -> list[Due]:
    """Return the consents that end within so many days or ended up to `since_days` ago, soonest first.

    A renewed consent is not due: another consent of the same person is in force at its end.
    """
    on = on or timezone.now()
    later = Consent.objects.filter(
        person=OuterRef("person"), signed_on__isnull=False, withdrawn_at=None, for_one_page=False
    ).exclude(pk=OuterRef("pk"))
    ending = (
        Consent.objects.filter(
            withdrawn_at=None,
            signed_on__isnull=False,
            person__erased_at=None,
            ends_at__lte=on + timedelta(days=within_days),
            ends_at__gte=on - timedelta(days=since_days),
        )
        .exclude(Exists(later.filter(starts_at__lte=OuterRef("ends_at"), ends_at__gt=OuterRef("ends_at"))))
        .exclude(Exists(later.filter(starts_at__lte=OuterRef("ends_at"), ends_at=None)))
        .select_related("person", "guardian")
        .order_by("ends_at", "pk")
    )
    return [_due(consent, on) for consent in ending]


def _due(consent: Consent, on: datetime) -> Due:
    assert consent.ends_at is not None
    day = timezone.localtime(consent.ends_at).date()
    by_age = consent.signer == Consent.Signer.GUARDIAN and consent.person.comes_of_age_on == day
    why = (
        _("the person comes of age and is asked for their own consent")
        if by_age
        else _("the term of the consent ends")
    )
    return Due(consent, day, (day - timezone.localtime(on).date()).days, why)


def without_consent(people: QuerySet[Person] | None = None, on: datetime | None = None) -> QuerySet[Person]:
    """Return the people whom a page is about, published or not, but whose consent is not in force."""
    people = Person.objects.all() if people is None else people
    in_force = Consent.objects.in_force(on).filter(person=OuterRef("pk"))
    return people.filter(erased_at=None).filter(has_pages()).exclude(Exists(in_force))


def has_pages() -> Any:
    """Return, for a query of people, whether any page is about them: it has them in its field `person`."""
    found: Any = None
    for relation in Person._meta.related_objects:
        model: Any = relation.related_model
        if issubclass(model, Page) and relation.field.name == "person":
            exists = Exists(model._default_manager.filter(person=OuterRef("pk")))
            found = exists if found is None else found | exists
    return found


def reminders_due(consents: Iterable[Due], sent: set[tuple[int, int]]) -> list[tuple[Due, int]]:
    """Return (consent, days) for each reminder to send now; `days` is the nearest day of `AHEAD` that was
    reached.

    `sent`: (consent id, days) of the reminders that were sent earlier.
    """
    reminders = []
    for item in consents:
        reached = [days for days in AHEAD if item.days <= days]
        if reached and (item.consent.pk, min(reached)) not in sent:
            reminders.append((item, min(reached)))
    return reminders
