"""Who is in a picture or recording, in words for editors."""

from __future__ import annotations

from django.utils.translation import gettext as _

from attribution.models import ShowsNoOne
from consent.models import Depiction


def in_words(kind: str, number: int) -> str:
    """Return who is in a 'picture' or 'recording', as an editor stated it, or that no one has."""
    people = [
        str(row.person)
        for row in Depiction.objects.filter(**{kind: number}).select_related("person").order_by("pk")
    ]
    if people:
        return _("Shown: %(people)s.") % {"people": ", ".join(people)}
    if ShowsNoOne.objects.filter(**{kind: number}).exists():
        return _("An editor stated that it shows no one.")
    return _("No one has said who is shown.")
