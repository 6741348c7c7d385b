"""What a case study needs to be published, what readers are told of its versions, and its downloads below its address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from wagtail.models import PageViewRestriction
from wagtail.url_routing import RouteResult

from casestudies.publication import require_reasons
from transcripts.rating import Rating, rate

# The last part of their addresses; casestudies.downloads makes them.
DOWNLOADS = ("pdf", "csv", "json")


@dataclass(frozen=True)
class Perspective:
    """The patient's words as they may be shown. `rating` '' where they come from no interview (`asked`, `moment` too)."""

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
    """The part of a case study that stands between the editor and the reader."""

    gap_reasons = models.JSONField(_("reasons for gaps"), default=dict, blank=True)
    change_note = models.TextField(
        _("what changed"),
        blank=True,
        max_length=400,
        help_text=_(
            "Public: what readers are told about this version, e.g. ‘Values at 12 months added.’ Write it anew each time."
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
            "An excerpt of an interview with the person of this case study. Its words are taken over where none are typed; "
            "they stay as they are when the excerpt changes later."
        ),
    )

    class Meta:
        abstract = True

    # Publication --------------------------------------------------------------------------------------------

    def publish(self, revision: Any, *args: Any, **kwargs: Any) -> Any:
        """As Wagtail's; refused (publication.GapsUnexplained) before anything is written, also where it is only scheduled."""
        require_reasons(revision.as_object())
        return super().publish(revision, *args, **kwargs)  # type: ignore[misc]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._take_over_words()
        super().save(*args, **kwargs)

    def is_new_publication(self) -> bool:
        """Whether saving it as it is would make another revision the live one, where all roads end; True for a draft."""
        page: Any = self
        if not page.live:
            return True
        before = type(page)._default_manager.filter(
            pk=page.pk, live=True, live_revision_id=page.live_revision_id
        )
        return bool(page.live_revision_id) and not before.exists()

    # Patient perspective (CARE 12) --------------------------------------------------------------------------

    def _take_over_words(self) -> None:
        page: Any = self
        if page.perspective_excerpt_id and not page.perspective.strip() and page.perspective_excerpt:
            page.perspective = page.perspective_excerpt.text[:1500]

    def perspective_quote(self) -> Perspective | None:
        """The perspective with how far it was edited, told by comparing it with what was said (D4); None without one."""
        page: Any = self
        if not page.perspective.strip():
            return None
        excerpt = page.perspective_excerpt
        if excerpt is None:
            return Perspective(page.perspective)
        rated = rate(excerpt.verbatim, page.perspective, excerpt.interview.language)
        return Perspective(page.perspective, rated.rating, excerpt.asked, excerpt.clip_in)

    # Versions -----------------------------------------------------------------------------------------------

    def told_versions(self) -> list[Any]:
        """Its publications, newest first."""
        return list(self.versions.order_by("-published_at", "-pk")) if self.pk else []  # type: ignore[attr-defined]

    def last_told_change(self) -> str:
        """The last note that readers were given; '' where there was none."""
        notes = self.versions.exclude(note="").order_by("-published_at", "-pk")  # type: ignore[attr-defined]
        return str(notes.values_list("note", flat=True).first() or "")

    # Downloads ----------------------------------------------------------------------------------------------

    def downloads(self) -> list[dict[str, str]]:
        """For components/file.html: what can be had of this page, nothing of a draft."""
        page: Any = self
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
            if kind != "csv" or page.observations.exists()
        ]

    def route(self, request: HttpRequest, path_components: Sequence[str]) -> Any:
        """Below the page's own address: 'pdf/', 'csv/', 'json/' to view, 'pdf/save/' and so on to save."""
        page: Any = self
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
        from casestudies.downloads import serve

        return serve(self, request, kind=download, save=save)  # type: ignore[arg-type]


def _may_read(page: Any, request: HttpRequest) -> bool:
    """Whether no restriction on the page or above it stops this reader. Nobody is told that there is something."""
    restrictions: Any = PageViewRestriction.objects
    if page.is_open:
        return True
    return all(
        restriction.accept_request(request)
        for restriction in (page.get_view_restrictions() or restrictions.none())
    )
