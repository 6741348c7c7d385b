"""When a consent expires.

From that moment nothing that depends on it is served (`AboutPerson.serve`, `visible_pages`). Soon after, the
pages are unpublished as after a withdrawal. Nothing is published automatically.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from audit import trail
from audit.actors import Actor
from consent import time_spans
from consent.models import Consent, Person
from media.on_commit import after_commit
from publication import gate, public_files, reassess
from publication.depictions import depicted_with
from publication.models import Clearance
from publication.windows import windows
from withdrawal import elsewhere, mentions_end, remembered, services, surfaces, takedown
from withdrawal.models import Withdrawal
from withdrawal.surfaces import Scope
from withdrawal.surfaces.mentions import Mentions, record_undecided

BY = Actor.system("expire_consents")
# Depictions on pages that are not about a person are checked again for this long after a consent began or
# ended.
LOOK_BACK = timedelta(days=2)


@dataclass
class Expired:
    """The result of a run.

    `withdrawals`: one receipt per person; `unpublished`, `changed`: numbers of pages.
    """

    withdrawals: list[Withdrawal] = field(default_factory=list)
    unpublished: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "unpublished": sorted(self.unpublished),
            "changed": sorted(self.changed),
            "receipts": [str(withdrawal.number) for withdrawal in self.withdrawals],
        }


def expire(now: datetime | None = None) -> Expired:
    """Unpublish pages whose consent has expired and update pages whose parts change now.

    May run at any time.
    """
    now = now or timezone.now()
    done = Expired()
    due = list(Clearance.objects.filter(changes_at__lte=now, page__live=True).values_list("page", flat=True))
    for person, pages in _by_person(due, now).items():
        _expire(person, pages, now, done)
    for person in elsewhere.people_without_consent(now):
        _expire(person, [], now, done)
    # The rest: parts that may be shown from now on.
    again = reassess.reassess_pages(due, now)
    done.unpublished += [page.pk for page in again.unpublished]
    done.changed += [page.pk for page in again.changed]
    _refresh_depictions(now)
    mentions_end.consents_have_ended(now - LOOK_BACK, now)
    return done


def _by_person(due: list[int], now: datetime) -> dict[int, list[int]]:
    """Return the pages to unpublish or redact, by the first person whose consent expired."""
    found: dict[int, list[int]] = defaultdict(list)
    for page in Page.objects.filter(pk__in=due).order_by("path").specific():
        if not hasattr(page, "consent_requirements"):
            continue
        reasons = [
            reason
            for reason in gate.all_reasons(page, now)
            if reason.requirement and reason.requirement.person
        ]
        if reasons:
            person = reasons[0].requirement.person if reasons[0].requirement else None
            assert person is not None
            found[person].append(page.pk)
    return found


def _expire(person_id: int, pages: list[int], now: datetime, done: Expired) -> None:
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person_id)
        scope = Scope(person=person.pk, at=now)
        before = {
            clearance.pk: clearance for clearance in Clearance.objects.filter(page__in=pages, page__live=True)
        }
        redacted: dict[Any, frozenset[str]] = {}
        for page in Page.objects.filter(pk__in=before).order_by("path").specific():
            whole, parts = windows(page)
            if time_spans.at(whole, now) is None:
                scope.unpublished.append(page)
                continue
            out = {part for part, spans in parts.items() if time_spans.at(spans, now) is None}
            if new := frozenset(out - reassess.redacted_when_made(before[page.pk])):
                redacted[page] = new
        scope.redacted = redacted
        found = surfaces.find(scope)
        if not scope.touched and not found[Mentions.name].count:
            return
        reassess.reassess_pages([page.pk for page in scope.touched], now)
        services.take_down(scope, found, by=BY)
        remembered.remember_scope(scope)
        withdrawal = Withdrawal.objects.create(
            person=person, channel=Withdrawal.Channel.EXPIRY, at=now, by_name=BY.name
        )
        takedown.record_steps(withdrawal, found)
        record_undecided(scope, withdrawal.number)
        trail.record(
            by=BY,
            action="consent.expired",
            thing=person,
            person=person.pk,
            details={
                "withdrawal": str(withdrawal.number),
                "pages": scope.ids,
                "redacted": [page.pk for page in redacted],
            },
        )
        after_commit(takedown.run, withdrawal.pk)
    done.withdrawals.append(withdrawal)
    done.unpublished += scope.ids
    done.changed += [page.pk for page in redacted]


def _refresh_depictions(now: datetime) -> None:
    """Show or hide pictures and recordings of people on pages that are not about a person, as consents stand
    now."""
    lately = (now - LOOK_BACK, now)
    people = Consent.objects.filter(ends_at__range=lately) | Consent.objects.filter(starts_at__range=lately)
    public_files.refresh(depicted_with(people.values_list("person", flat=True)))
