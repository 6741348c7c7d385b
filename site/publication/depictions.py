"""People in pictures and recordings on pages that are not about a person: news, information, treatments, the
home page.

Such a page states no requirements and has no clearance. It shows a person's picture or recording only while
that person consents; without consent the file is not published (`publication.public_files`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from consent import time_spans
from consent.grants import ConsentLookup
from consent.models import Depiction
from publication.consent_requirements import depicted_in
from publication.mixins import AboutPerson


def everyone_shown_consents(file: Any, surface: Any) -> bool:
    """Return whether everyone seen or heard in `file` consents now.

    For a page about a person, its clearance decides.
    """
    if isinstance(surface, AboutPerson):
        return True
    name = file._meta.model_name
    if name not in {"picture", "recording"}:
        return True
    rows = depicted_in.of((name, file.pk))
    if not rows:
        return True
    grants, now = ConsentLookup.by(row.person_id for row in rows).grants(), timezone.now()
    pages = frozenset({surface.pk})
    return all(
        time_spans.at(time_spans.spans_of(grants, row.person_id, use, pages), now) is not None
        for row in rows
        for use in row.uses
    )


def depicted_with(people: Iterable[int]) -> list[Any]:
    """Return the pictures and recordings in which these people are seen or heard."""
    rows = Depiction.objects.filter(person__in=people).select_related("picture", "recording")
    return list({row.picture or row.recording: None for row in rows})
