"""Whose recordings were withdrawn.

A recording in which no one is named is taken to be of the person of the page. Once that person has withdrawn,
this is stored, so that the recording does not become someone else's when an editor changes the page's person
or shows it on another page.
"""

from __future__ import annotations

from consent.models import Depiction
from publication.shown_files import shown_media
from withdrawal.surfaces import Scope


def name_in_recordings(scope: Scope) -> None:
    """Name the person in the recordings that are withdrawn and name no one, in the caller's transaction."""
    numbers = {
        file.number
        for page in scope.touched
        if page.contributor == scope.person
        for file in shown_media(page)
        if file.kind == "recording" and (page not in scope.redacted or file.part in scope.redacted[page])
    }
    named = Depiction.objects.filter(recording__in=numbers).values_list("recording", flat=True)
    for number in sorted(numbers - set(named)):
        # As the gate required it until now: the voice and the film of the person, no recognisable face.
        Depiction.objects.create(person_id=scope.person, recording_id=number, is_recognisable=False)
