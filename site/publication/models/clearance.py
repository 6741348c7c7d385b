"""The permission of a page about a person to be public, as the gate decided when the page was published."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ClearanceQuerySet(models.QuerySet["Clearance"]):
    def in_force(self, on: datetime | None = None) -> ClearanceQuerySet:
        """Return the clearances in force at the moment `on` (now by default)."""
        on = on or timezone.now()
        return self.filter(Q(starts_at__lte=on), Q(ends_at__isnull=True) | Q(ends_at__gt=on))

    def of_outer(self, on: datetime | None = None, page: str = "pk") -> Exists:
        """Return, for a query of pages, whether the page in the field `page` is cleared.

        Makes no query of its own.
        """
        return Exists(self.in_force(on).filter(page_id=OuterRef(page)))


class Clearance(models.Model):
    """One page's permission to be public.

    A live page about a person without a clearance in force is not shown.

    Written by `publication.gate` alone, whenever the page is published or a consent that it depends on
    changes, in the same transaction. `parts`: for each part that can be redacted (`ConsentRequirement.part`),
    a list of [from, until] (ISO times, null: open) during which it may be shown; a part that is not listed
    requires no consent of its own.
    """

    page = models.OneToOneField(
        "wagtailcore.Page", primary_key=True, on_delete=models.CASCADE, related_name="clearance"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, db_index=True)
    parts = models.JSONField(default=dict)
    # When it ends or a part changes next; the expiry command reads the page again then.
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
        """Return whether the page may be public at the moment `on` (now by default)."""
        on = on or timezone.now()
        return self.starts_at <= on and (self.ends_at is None or on < self.ends_at)

    def redacted(self, on: datetime | None = None) -> frozenset[str]:
        """Return the parts that may not be shown at the moment `on` (now by default)."""
        on = on or timezone.now()
        return frozenset(
            part for part, spans in self.parts.items() if not any(_within(on, *span) for span in spans)
        )

    def next_change(self, after: datetime | None = None) -> datetime | None:
        """Return when the page or a part of it next begins or ceases to be public; None if no time is set.

        No cache may keep the page longer.
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
