"""Publication asks for a reason for each gap: on every road, together with what the gate has against it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from casestudies.care import Gap, gaps
from publication import gate
from publication.reasons import Reason, Why

if TYPE_CHECKING:
    from casestudies.models import CaseStudyPage


class GapsUnexplained(gate.NotPublic):
    """Publication refused: `gaps` are the items of CARE that are neither answered nor excused, all of them."""

    def __init__(self, page: CaseStudyPage, found: list[Gap]) -> None:
        self.gaps = found
        super().__init__(page, [_reason(page, gap) for gap in found])


def _reason(page: CaseStudyPage, gap: Gap) -> Reason:
    url = reverse("wagtailadmin_pages:edit", args=[page.pk]) if page.pk else ""
    return Reason(Why.INCOMPLETE, f"CARE {gap}", url)


def unexplained(page: CaseStudyPage) -> list[Gap]:
    """The gaps that stand in the way of publication."""
    return [gap for gap in gaps(page) if not gap.explained]


def require_reasons(page: CaseStudyPage) -> None:
    """Raises GapsUnexplained, naming all items at once."""
    if found := unexplained(page):
        raise GapsUnexplained(page, found)


def rule(page: Any, on: datetime) -> Iterator[Reason]:
    """For the gate. A case study that is public already stays so when the guideline, or what we ask, changes."""
    from casestudies.models import CaseStudyPage

    if isinstance(page, CaseStudyPage) and page.is_new_publication():
        yield from (_reason(page, gap) for gap in unexplained(page))


def follow() -> None:
    """Tell the gate; called once, when the room is ready."""
    if rule not in gate.rules:
        gate.rules.append(rule)
