"""The list of news, whole and by year, and its feed."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.search import index

from news.feed import FEED_LENGTH, Entry, atom_feed
from news.models.news import NewsPage
from pages.listing import Listing
from pages.models import BasePage
from pages.tree import children_of
from publication.visibility import visible_pages


class NewsIndexPage(RoutablePageMixin, BasePage):
    lede = models.TextField(_("opening words"), max_length=400, blank=True)

    content_panels = [*BasePage.content_panels, "lede"]
    search_fields = [*BasePage.search_fields, index.SearchField("lede")]
    parent_page_types = ["pages.HomePage"]
    subpage_types = ["news.NewsPage"]
    max_count_per_parent = 1

    PER_PAGE = 20

    class Meta:
        verbose_name = _("news index")

    def news(self) -> QuerySet[NewsPage]:
        """Return the public news, the newest first."""
        pages: QuerySet[NewsPage] = visible_pages(children_of(NewsPage.objects.all(), self)).order_by(
            "-date", "-pk"
        )
        return pages

    @path("")
    def everything(self, request: HttpRequest) -> HttpResponse:
        return self.render(request)

    @path("<int:year>/")
    def year(self, request: HttpRequest, year: int) -> HttpResponse:
        """/news/2026/; a year without news is not found."""
        if not MINYEAR <= year <= MAXYEAR or not self.news().filter(date__year=year).exists():
            raise Http404(f"No news in {year}.")
        return self.render(request, context_overrides={"year": year}, year=year)

    @path("feed/")
    def feed(self, request: HttpRequest) -> HttpResponse:
        """The newest news as an Atom feed (RFC 4287)."""
        entries = [
            Entry(
                url=page.get_full_url(request),
                title=page.title,
                summary=page.lede,
                author=page.author,
                published=page.date,
                updated=page.last_published_at,
            )
            for page in self.news()[:FEED_LENGTH]
        ]
        here = self.get_full_url(request)
        text = atom_feed(
            title=self.title, url=here, feed_url=f"{here}feed/", subtitle=self.lede, entries=entries
        )
        return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")

    def get_context(self, request: HttpRequest, *_args: object, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request)
        year: int | None = kwargs.get("year")
        news = self.news()
        context["years"] = [day.year for day in news.order_by().dates("date", "year", order="DESC")]
        rows: Any = news.filter(date__year=year) if year else news
        listing: Listing[Any] = Listing(
            rows=rows, facets=(), params=dict(request.GET.lists()), per_page=self.PER_PAGE
        )
        context["listing"] = listing
        context["news"] = list(listing.page.object_list)
        return context
