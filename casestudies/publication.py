"""Publication needs a reason for each gap in a case study; every way of publishing asks for it."""

from __future__ import annotations

from typing import Any, Protocol

from django.urls import reverse

from casestudies.care_gaps import Gap, Reported, gaps
from publication import gate
from publication.reasons import Reason, Why


class ReportedPage(Reported, Protocol):
    """A case study, saved or not."""

    pk: Any


class GapsUnexplained(gate.NotPublic):
    """Publication was refused. `gaps`: all items of CARE that are neither answered nor explained."""

    def __init__(self, page: ReportedPage, found: list[Gap]) -> None:
        self.gaps = found
        super().__init__(page, [reason_for(page, gap) for gap in found])


def reason_for(page: ReportedPage, gap: Gap) -> Reason:
    url = reverse("wagtailadmin_pages:edit", args=[page.pk]) if page.pk else ""
    return Reason(Why.INCOMPLETE, str(gap), url)


def unexplained(page: ReportedPage) -> list[Gap]:
    """Return the gaps that have no reason yet: they prevent publication."""
    return [gap for gap in gaps(page) if not gap.explained]


def require_reasons(page: ReportedPage) -> None:
    """Raise GapsUnexplained with all gaps that have no reason."""
    if found := unexplained(page):
        raise GapsUnexplained(page, found)
