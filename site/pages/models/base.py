"""What every page of the site has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import get_script_prefix, get_urlconf
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import Page, PageViewRestriction
from wagtail.search import index

from attribution.pages import NamesPeople
from changes.recorder import may_be_kept
from imaging.presets import AHEAD
from pages.cards import Card
from pages.choices import Tone
from pages.editing import PageForm
from pages.site_root import PLAIN_PATH, address_of_root, root_paths


def years_after(day: date, years: int) -> date:
    """The same day `years` later; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


@cache
def _no_restrictions() -> Any:
    """Return an empty queryset, evaluated: to make one for each request takes longer than a query."""
    found = PageViewRestriction.objects.none()
    assert not found
    return found


class BasePage(NamesPeople, Page):
    """Listing text, picture and tone, sharing, and the dates of review."""

    # NHS service manual and HSE: health information is reviewed at least every three years.
    REVIEW_YEARS = 3

    picture = models.ForeignKey(
        "media.Picture",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("picture"),
        help_text=_("Shown at the top of the page and in lists. It can be an object instead of a face."),
    )
    tone = models.CharField(_("tone"), max_length=10, choices=Tone.choices, default=Tone.SEA)
    is_sample = models.BooleanField(
        _("sample content"),
        default=False,
        help_text=_("Marks the page as invented, wherever it is shown."),
    )
    listing_text = models.TextField(
        _("listing text"),
        blank=True,
        max_length=300,
        help_text=_(
            "One or two plain sentences for lists. The search description is used when this is empty."
        ),
    )
    social_picture = models.ForeignKey(
        "media.Picture",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("social picture"),
        help_text=_("Shown when the page is shared. The page's picture is used when this is empty."),
    )
    last_reviewed = models.DateField(_("last reviewed"), null=True, blank=True)
    next_review_due = models.DateField(_("next review due"), null=True, blank=True)

    base_form_class = PageForm
    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldRowPanel(["picture", "tone"]), "is_sample"],
            heading=_("Opening"),
        ),
    ]
    promote_panels = [
        MultiFieldPanel(
            ["slug", "seo_title", "search_description", "social_picture"], heading=_("Search and sharing")
        ),
        MultiFieldPanel(["listing_text", "show_in_menus"], heading=_("Lists")),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("last_reviewed"), FieldPanel("next_review_due")])], heading=_("Review")
        ),
    ]

    search_fields = [
        *Page.search_fields,
        index.SearchField("listing_text"),
        index.SearchField("search_description"),
    ]

    # In which sizes the pictures of this type of page are shown (imaging.presets).
    picture_presets: ClassVar[tuple[str, ...]] = AHEAD

    # Relations that are read together with a page of this type when a visitor asks for it.
    shown_with: ClassVar[tuple[str, ...]] = ()

    # What OpenGraph calls this type of page; '' for 'website'.
    og_type = ""

    # Set by `pages.routing` on the page that a visitor asked for, and there only.
    ancestors_to_show: Sequence[Page] | None = None
    is_unrestricted = False

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the page, the same for all visitors without a login."""
        may_be_kept(self.pk)
        response: HttpResponse = super().serve(request, *args, **kwargs)
        return response

    def get_view_restrictions(self) -> Any:
        return _no_restrictions() if self.is_unrestricted else super().get_view_restrictions()

    def _get_site_root_paths(self, cache_object: Any = None, **_former: Any) -> Any:
        holder = cache_object or self
        try:
            return holder._wagtail_cached_site_root_paths
        except AttributeError:
            holder._wagtail_cached_site_root_paths = found = root_paths()
        return found

    def get_url_parts(self, request: Any = None) -> Any:
        """Return the page's address as Wagtail does, sooner in the usual case: one site, a plain path."""
        sites = self._get_relevant_site_root_paths(request)
        if len(sites) == 1:
            path = self.url_path[len(sites[0].root_path) :]
            if PLAIN_PATH.fullmatch(path) and (root := address_of_root(get_urlconf(), get_script_prefix())):
                return sites[0].site_id, sites[0].root_url, f"{root}{path}"
        return super().get_url_parts(request)

    def clean(self) -> None:
        super().clean()
        if self.next_review_due:
            if not self.last_reviewed:
                raise ValidationError(
                    {
                        "last_reviewed": _(
                            "Enter the day of the last review: the next review is counted from it."
                        )
                    }
                )
            if self.next_review_due <= self.last_reviewed:
                raise ValidationError({"next_review_due": _("The next review must be after the last one.")})
            if self.next_review_due > years_after(self.last_reviewed, self.REVIEW_YEARS):
                raise ValidationError(
                    {
                        "next_review_due": _(
                            "Health information is reviewed at least every three years: choose an earlier "
                            "day."
                        )
                    }
                )

    @property
    def description(self) -> str:
        """One or two plain sentences about the page, for lists and search engines; '' when there are none."""
        return self.search_description or self.listing_text or getattr(self, "lede", "")

    @property
    def shared_picture(self) -> Any:
        return self.social_picture or self.picture

    def card(self, why: str = "") -> Card:
        """This page in a list; `why` is the stated reason for its being there."""
        return Card(
            url=self.url or "",
            title=self.title,
            text=self.listing_text or self.search_description,
            picture=self.picture,
            tone=self.tone,
            is_sample=self.is_sample,
            why=why,
        )

    def json_ld(self, request: HttpRequest) -> dict[str, Any]:
        """Return the page as schema.org data. Each type of page adds its own."""
        data: dict[str, Any] = {
            "@context": "https://schema.org",
            "@type": "WebPage",
            "name": self.title,
            "url": self.get_full_url(request),
        }
        if self.description:
            data["description"] = self.description
        if self.last_reviewed:
            data["lastReviewed"] = self.last_reviewed.isoformat()
        if self.first_published_at:
            data["datePublished"] = self.first_published_at.isoformat()
        if self.last_published_at:
            data["dateModified"] = self.last_published_at.isoformat()
        return data
