"""What has to be asked again, and when: consents that end, children who come of age, people without any consent."""

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

# Days ahead at which somebody is told.
AHEAD = (60, 30, 7, 0)


@dataclass(frozen=True)
class Due:
    """One consent that ends on `day`. `why`: in words; `days`: how many are left, negative when it has ended."""

    consent: Consent
    day: date
    days: int
    why: str


def due(within_days: int = 60, on: datetime | None = None, *, since_days: int = 0) -> list[Due]:
    """The consents that end within so many days, soonest first; those that ended up to `since_days` ago too.

    One that somebody renewed is not due: another consent of the same person, in force at its end, takes its place.
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
    why = _("comes of age and is asked in their own name") if by_age else _("the term of the consent ends")
    return Due(consent, day, (day - timezone.localtime(on).date()).days, why)


def without_consent(people: QuerySet[Person] | None = None, on: datetime | None = None) -> QuerySet[Person]:
    """Return the people whom a page is about, published or not, but whose consent is not in force."""
    people = Person.objects.all() if people is None else people
    in_force = Consent.objects.in_force(on).filter(person=OuterRef("pk"))
    return people.filter(erased_at=None).filter(has_pages()).exclude(Exists(in_force))


def has_pages() -> Any:
    """Return, for a query of people, whether any page is about them: pages point at a person in the field `person`."""
    found: Any = None
    for relation in Person._meta.related_objects:
        model: Any = relation.related_model
        if isinstance(model, type) and issubclass(model, Page) and relation.field.name == "person":
            there = Exists(model._default_manager.filter(person=OuterRef("pk")))
            found = there if found is None else found | there
    return found


def reminders_due(found: Iterable[Due], told: set[tuple[int, int]]) -> list[tuple[Due, int]]:
    """Which of the due consents somebody is to be told about now, and for which mark of `AHEAD`.

    `told`: the (consent, mark) of which somebody was told before. Of several marks passed only the nearest is told.
    """
    telling = []
    for one in found:
        passed = [mark for mark in AHEAD if one.days <= mark]
        if passed and (one.consent.pk, min(passed)) not in told:
            telling.append((one, min(passed)))
    return telling
