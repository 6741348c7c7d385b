"""What some people agreed to, read once, and when a page may be shown by it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection

from people import grants
from people.models import Consent, Person
from people.reasons import Need

if TYPE_CHECKING:
    from people.mixins import AboutPerson


@dataclass
class Agreed:
    """The consents of some people, read once."""

    people: dict[int, Person] = field(default_factory=dict)
    consents: dict[int, list[Consent]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def by(cls, numbers: Iterable[int], *, lock: bool = False) -> Agreed:
        """Two queries. `lock`: nobody changes these people's consents until the transaction ends."""
        people = Person.objects.filter(pk__in=set(numbers)).order_by("pk")
        if lock and connection.in_atomic_block:
            people = people.select_for_update()
        read = cls({person.pk: person for person in people})
        for consent in Consent.objects.filter(person__in=read.people).select_related("person"):
            read.consents[consent.person_id].append(consent)
        return read

    def grants(self) -> list[grants.Grant]:
        """What the consents allow, withdrawn ones up to the moment of their withdrawal."""
        return [
            grants.Grant(
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


def numbers_of(page: Any) -> frozenset[int]:
    """The numbers under which a consent for one page may know it: its own, and of the page it is an alias of."""
    return frozenset(number for number in (page.pk, page.alias_of_id) if number)


def windows(
    page: AboutPerson, agreed: Agreed | None = None, needs: Iterable[Need] | None = None
) -> tuple[list[grants.Span], dict[str, list[grants.Span]]]:
    """When the page may be public, and for each part that may be left out when it may be shown.

    A page that names nobody whose consent it rests on may never be public.
    """
    needs = list(page.consent_needs() if needs is None else needs)
    agreed = agreed or Agreed.by(need.person for need in needs if need.person)
    given, pages = agreed.grants(), numbers_of(page)
    whole: list[list[grants.Span]] = []
    parts: dict[str, list[list[grants.Span]]] = defaultdict(list)
    for need in needs:
        spans = grants.spans_of(given, need.person, need.use, pages) if need.person else []
        (parts[need.part] if need.part else whole).append(spans)
    if not whole:
        whole.append([])
    return grants.intersection(*whole), {part: grants.intersection(*each) for part, each in parts.items()}


__all__ = ["Agreed", "numbers_of", "windows"]
