"""What a case study needs to be published, its published versions, and its downloads below its address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, PageViewRestriction
from wagtail.url_routing import RouteResult

from casestudies import downloads
from casestudies.publication import require_reasons
from transcripts.rating import Rating, rate

# The last part of their addresses.
DOWNLOADS = tuple(downloads.KINDS)


@dataclass(frozen=True)
class PublishedVersion:
    """One publication as visitors are told of it. `note`: what changed, '' where it was not stated."""

    number: int
    published_on: dt.date | None
    note: str
    is_first: bool


@dataclass(frozen=True)
class Perspective:
    """The patient's words as they may be shown.

    `rating` '' where they come from no interview (`asked`, `moment` too).
    """

    text: str
    rating: str = ""
    asked: str = ""
    moment: float | None = None

    @property
    def reworded(self) -> bool:
        return self.rating == Rating.REWORDED

    @property
    def lightly_edited(self) -> bool:
        return self.rating == Rating.LIGHTLY_EDITED


class PublishedCase(models.Model):
    """Publication of a case study: its gaps, versions, the patient's words and the downloads."""

    gap_reasons = models.JSONField(_("reasons for gaps"), default=dict, blank=True)
    change_note = models.TextField(
        _("what changed"),
        blank=True,
        max_length=400,
        help_text=_(
            "Public: what readers are told about this version, e.g. ‘Values at 12 months added.’ Write a new "
            "note each time."
        ),
    )
    perspective_excerpt = models.ForeignKey(
        "interviews.Excerpt",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("from the interview"),
        help_text=_(
            "An excerpt of an interview with the person of this case study. Its words are taken over where "
            "none are typed; they stay as they are when the excerpt changes later."
        ),
    )

    class Meta:
        abstract = True

    # Publication --------------------------------------------------------------------------------------------

    def publish(self, revision: Any, *args: Any, **kwargs: Any) -> Any:
        """Publish as Wagtail does.

        Raises GapsUnexplained before anything is written, also when publication is scheduled.
        """
        require_reasons(revision.as_object())
        return super().publish(revision, *args, **kwargs)  # type: ignore[misc]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._fill_perspective()
        super().save(*args, **kwargs)

    def is_new_publication(self) -> bool:
        """Return whether saving makes another revision the live one; True for a draft.

        Every way of publishing ends in such a save.
        """
        page: Page = self
        if not page.live:
            return True
        before = type(page)._default_manager.filter(
            pk=page.pk, live=True, live_revision_id=page.live_revision_id
        )
        return bool(page.live_revision_id) and not before.exists()

    # Patient perspective --------------------------------------------------------------------------

    def _fill_perspective(self) -> None:
        page: Page = self
        if page.perspective_excerpt_id and not page.perspective.strip() and page.perspective_excerpt:
            page.perspective = page.perspective_excerpt.text[:1500]

    def perspective_quote(self) -> Perspective | None:
        """Return the perspective with how far it was edited, compared with the recorded words; None without
        one.
        """
        page: Page = self
        if not page.perspective.strip():
            return None
        excerpt = page.perspective_excerpt
        if excerpt is None:
            return Perspective(page.perspective)
        rated = rate(excerpt.verbatim, page.perspective, excerpt.interview.language)
        return Perspective(page.perspective, rated.rating, excerpt.asked, excerpt.clip_in)

    # Versions -----------------------------------------------------------------------------------------------

    def published_versions(self) -> list[PublishedVersion]:
        """Return its publications, newest first.

        The first one has the page's own publication date, so that the head of the page, its citation and this
        list agree where an editor has typed an earlier date.
        """
        page: Page = self
        rows = list(page.versions.order_by("published_at", "pk")) if page.pk else []
        versions = [
            PublishedVersion(
                row.number,
                timezone.localdate(row.published_at) if place or not page.published else page.published,
                row.note,
                is_first=not place,
            )
            for place, row in enumerate(rows)
        ]
        return versions[::-1]

    def last_change_note(self) -> str:
        """Return the note of the last version that has one, or ''."""
        notes = self.versions.exclude(note="").order_by("-published_at", "-pk")  # type: ignore[attr-defined]
        return str(notes.values_list("note", flat=True).first() or "")

    # Downloads ----------------------------------------------------------------------------------------------

    def downloads(self, *, has_measurements: bool) -> list[dict[str, str]]:
        """Return the downloads of this page for components/file.html; none of a draft."""
        page: Page = self
        if not page.live or not page.url:
            return []
        about = {
            "pdf": (_("This case study as a document"), _("To print and to pass on, with the same figures.")),
            "csv": (
                _("The measurements as a table"),
                _("For a spreadsheet. Times are counted from the treatment."),
            ),
            "json": (_("This case as data"), _("A Phenopacket (GA4GH, version 2), for other programs.")),
        }
        return [
            {
                "title": str(title),
                "text": str(text),
                "view_url": f"{page.url}{kind}/",
                "save_url": f"{page.url}{kind}/save/",
                "kind": kind.upper(),
            }
            for kind, (title, text) in about.items()
            if kind != "csv" or has_measurements
        ]

    def route(self, request: HttpRequest, path_components: Sequence[str]) -> Any:
        """Route the addresses below the page's own: 'pdf/', 'csv/', 'json/' to view, 'pdf/save/' and so on to
        save.
        """
        page: Page = self
        kind, *rest = path_components or [""]
        if kind not in DOWNLOADS:
            return super().route(request, path_components)  # type: ignore[misc]
        if not page.live or rest not in ([], ["save"]) or not _may_read(page, request):
            raise Http404
        return RouteResult(self, kwargs={"download": kind, "save": bool(rest)})

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        download, save = kwargs.pop("download", ""), kwargs.pop("save", False)
        if not download:
            return super().serve(request, *args, **kwargs)  # type: ignore[misc]
        return downloads.serve(self, request, kind=download, save=save)  # type: ignore[arg-type]


def _may_read(page: Page, request: HttpRequest) -> bool:
    """Return whether this visitor passes all view restrictions on the page and above it."""
    restrictions: Any = PageViewRestriction.objects
    if page.is_unrestricted:
        return True
    return all(
        restriction.accept_request(request)
        for restriction in (page.get_view_restrictions() or restrictions.none())
    )
