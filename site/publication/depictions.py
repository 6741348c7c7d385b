"""People in pictures and recordings on pages that are about nobody: news, information, a treatment's page, the front page.

Such a page states no needs and has no clearance. What it shows of somebody is shown while they agree to it, and has no
public file otherwise (`publication.public_files`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from consent import time_spans
from consent.grants import ConsentLookup
from consent.models import Depiction
from publication.mixins import AboutPerson


def everyone_shown_consents(thing: Any, place: Any) -> bool:
    """Whether everybody seen or heard in `thing` agrees to that now. Of a page about somebody its clearance says so."""
    if isinstance(place, AboutPerson):
        return True
    name = thing._meta.model_name
    if name not in {"picture", "recording"}:
        return True
    rows = list(Depiction.objects.filter(**{name: thing.pk}).select_related("recording"))
    if not rows:
        return True
    given, now = ConsentLookup.by(row.person_id for row in rows).grants(), timezone.now()
    pages = frozenset({place.pk})
    return all(
        time_spans.at(time_spans.spans_of(given, row.person_id, use, pages), now) is not None
        for row in rows
        for use in row.uses
    )


def depicted_with(people: Iterable[int]) -> list[Any]:
    """The pictures and recordings in which these people are seen or heard."""
    rows = Depiction.objects.filter(person__in=people).select_related("picture", "recording")
    return list({row.picture or row.recording: None for row in rows})
