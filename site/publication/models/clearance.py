"""That a page about a person may be public, as the gate found it when the page was published."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ClearanceQuerySet(models.QuerySet["Clearance"]):
    def in_force(self, on: datetime | None = None) -> ClearanceQuerySet:
        on = on or timezone.now()
        return self.filter(Q(starts_at__lte=on), Q(ends_at__isnull=True) | Q(ends_at__gt=on))

    def of_outer(self, on: datetime | None = None, page: str = "pk") -> Exists:
        """For a query of pages: whether the page named by `page` is cleared. Costs no query of its own."""
        return Exists(self.in_force(on).filter(page_id=OuterRef(page)))


class Clearance(models.Model):
    """One page's permission to be public: without one in force a live page about a person is not shown.

    Made by `publication.gate` alone, whenever the page is published or a consent behind it changes, in the same transaction.
    `parts`: for each part that may be left out (`ConsentRequirement.part`) a list of [from, until] (ISO moments, null: open) during
    which it may be shown; a part that is not named needs nobody's consent of its own.
    """

    page = models.OneToOneField(
        "wagtailcore.Page", primary_key=True, on_delete=models.CASCADE, related_name="clearance"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, db_index=True)
    parts = models.JSONField(default=dict)
    # The next moment at which it ends, or a part comes or goes: when the sweep looks at it again.
    changes_at = models.DateTimeField(null=True, db_index=True)
    # What was public when it was cleared (`publication.mixins.AboutPerson.public_hash`).
    content_hash = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(auto_now=True)

    objects = ClearanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("clearance")
        verbose_name_plural = _("clearances")

    def __str__(self) -> str:
        return f"Clearance of page {self.page_id}"

    def is_in_force(self, on: datetime | None = None) -> bool:
        on = on or timezone.now()
        return self.starts_at <= on and (self.ends_at is None or on < self.ends_at)

    def redacted(self, on: datetime | None = None) -> frozenset[str]:
        """The parts that may not be shown at that moment."""
        on = on or timezone.now()
        return frozenset(
            part for part, spans in self.parts.items() if not any(_within(on, *span) for span in spans)
        )

    def next_change(self, after: datetime | None = None) -> datetime | None:
        """The next moment at which something of the page must come down or may go up; None: never by itself.

        No cache may keep the page beyond it.
        """
        after = after or timezone.now()
        moments = [self.starts_at, self.ends_at]
        moments += [
            datetime.fromisoformat(edge)
            for spans in self.parts.values()
            for span in spans
            for edge in span
            if edge
        ]
        return min((moment for moment in moments if moment and moment > after), default=None)


def _within(on: datetime, start: str | None, end: str | None) -> bool:
    return (not start or datetime.fromisoformat(start) <= on) and (
        not end or on < datetime.fromisoformat(end)
    )
