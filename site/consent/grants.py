"""Looks up the consents of several people in two queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection

from consent import time_spans
from consent.models import Consent, Person


@dataclass
class ConsentLookup:
    """The consents of some people, read once."""

    people: dict[int, Person] = field(default_factory=dict)
    consents: dict[int, list[Consent]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def by(cls, numbers: Iterable[int], *, lock: bool = False) -> ConsentLookup:
        """Read the consents of these people. `lock`: no one can change them until the transaction ends."""
        people = Person.objects.filter(pk__in=set(numbers)).order_by("pk")
        if lock and connection.in_atomic_block:
            people = people.select_for_update()
        read = cls({person.pk: person for person in people})
        for consent in Consent.objects.filter(person__in=read.people).select_related("person"):
            read.consents[consent.person_id].append(consent)
        return read

    def grants(self) -> list[time_spans.Grant]:
        """Return what the consents allow; a withdrawn consent counts until its withdrawal."""
        return [
            time_spans.Grant(
                person=consent.person_id,
                uses=consent.uses,
                start=consent.starts_at,
                end=min(filter(None, (consent.ends_at, consent.withdrawn_at)), default=None),
                page=(consent.page_id or 0) if consent.for_one_page else None,
            )
            for consents in self.consents.values()
            for consent in consents
            if consent.signed_on and not self.people[consent.person_id].erased_at
        ]
