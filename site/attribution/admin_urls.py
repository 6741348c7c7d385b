"""Where in the admin an editor says who is in a picture or recording."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse


def shown_url(kind: str, number: int) -> str:
    """Return the address of the form about one 'picture' or 'recording', '' without the admin."""
    try:
        return reverse("attribution_shown", args=[kind, number])
    except NoReverseMatch:
        return ""
