"""Mentions on other pages end with the consent also where no one withdraws it.

An officer may restrict it, and it may expire while no page of the person is public, so that nothing else has
to be taken down then.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit import trail
from audit.actors import Actor
from audit.models import AuditEntry
from consent.models import Consent, Person
from consent.uses import Use
from publication.visibility import is_visible
from withdrawal import surfaces
from withdrawal.affected import pages_depending_on
from withdrawal.surfaces import Scope
from withdrawal.surfaces.mentions import uses_left

BY = Actor.system("expire_consents")
ENDED = "consent.ended"


def consent_was_changed(
    people: Iterable[int], at: datetime | None = None, is_restricted: bool = False, **_rest: object
) -> None:
    """Remove mentions of people whose consent allows less than before, in the transaction of the change."""
    if is_restricted:
        for person in people:
            remove_where_not_agreed(person, at or timezone.now())


def consents_have_ended(since: datetime, now: datetime) -> None:
    """Remove mentions of everyone whose consent has ended since then. Once for each consent: the audit trail
    says for which.
    """
    ended = {
        f"{Consent._meta.label_lower}:{consent.pk}": consent
        for consent in Consent.objects.filter(
            ends_at__range=(since, now), signed_on__isnull=False, withdrawn_at=None
        )
    }
    entries = AuditEntry.objects.filter(action=ENDED, thing__in=ended, at__gte=since)
    known = {(entry.thing, entry.details.get("ends_at")) for entry in entries} if ended else set()
    for thing, consent in ended.items():
        assert consent.ends_at is not None
        ends_at = consent.ends_at.isoformat()
        if (thing, ends_at) not in known:
            with transaction.atomic():
                Person.objects.select_for_update().get(pk=consent.person_id)
                pages = remove_where_not_agreed(consent.person_id, now)
                details = {"ends_at": ends_at, **({"mentions": pages} if pages else {})}
                trail.record(by=BY, action=ENDED, thing=consent, person=consent.person_id, details=details)


def remove_where_not_agreed(person: int, at: datetime) -> list[Any]:
    """Remove what mentions a person and what no consent allows any more. Return the keys of the pages.

    Names and links where none allows the text, quotes where none allows quotes.
    """
    scope = Scope(person=person, at=at)
    if {Use.TEXT, Use.QUOTES} <= uses_left(scope):
        return []
    scope.unpublished = [page for page in pages_depending_on(person) if not is_visible(page, at)]
    surface = surfaces.get("mentions")
    found = surface.find(scope)
    if not found.count:
        return []
    surface.take_down_in_transaction(found.what)
    return list(found.what["wanted"]["pages"])
