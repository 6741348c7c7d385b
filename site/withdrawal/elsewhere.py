"""People whom pages about no one quote or show by an editor's choice, and who do not consent any more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.utils import timezone
from wagtail.models import Page

from attribution import rules
from attribution.pages import NamesPeople
from audit import trail
from audit.actors import Actor
from consent.models import Person
from media.on_commit import after_commit
from publication.models import PageDependency
from withdrawal import surfaces
from withdrawal.surfaces import Scope, Surface
from withdrawal.surfaces.mentions import Mentions

BY = Actor.system("consent_changed")


def people_without_consent(now: datetime, people: Iterable[int] | None = None) -> list[int]:
    """Return those of `people` whom a public page quotes or shows without the consent that this needs.

    Without `people`, ask only about those of whom a consent has ended. One query where there are none.
    """
    links = PageDependency.objects.filter(page__live=True, page__clearance=None, page__alias_of=None)
    if people is None:
        links = links.filter(person__consents__ends_at__lte=now)
    else:
        links = links.filter(person__in=people)
    asked = dict.fromkeys(links.values_list("person", "page"))
    if not asked:
        return []
    pages = [
        page
        for page in Page.objects.filter(pk__in={page for _person, page in asked}).specific()
        if isinstance(page, NamesPeople) and page.is_about_no_one
    ]
    return sorted(rules.people_without_consent(pages, now) & {person for person, _page in asked})


def consent_was_changed(people: Iterable[int], at: datetime | None = None, **_kwargs: object) -> None:
    """Remove what pages about no one quote and show of these people without consent, now that it changed.

    In the transaction of the change. Caches in front of the site are told after it.
    """
    now = at or timezone.now()
    for person in people_without_consent(now, list(people)):
        _remove(person, now)


def _remove(person: int, now: datetime) -> None:
    scope = Scope(person=person, at=now)
    shown = surfaces.get(Mentions.name)
    found = surfaces.find(scope, [shown, *surfaces.caches_only()])
    if not found[shown.name].count:
        return
    trail.record(
        by=BY,
        action="consent.changed_elsewhere",
        thing=Person.objects.get(pk=person),
        person=person,
        details={"pages": found[shown.name].what["wanted"]["pages"]},
    )
    shown.take_down_in_transaction(found[shown.name].what)
    for cache in surfaces.caches_only():
        if found[cache.name].count:
            after_commit(partial(_clear, cache, found[cache.name].what))


def _clear(cache: Surface, what: dict[str, Any]) -> None:
    cache.take_down(what)
