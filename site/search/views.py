"""The search page: /search/?q=, /search/?q=&kind=stories&page=2."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe
from wagtail.models import Page, Site

from publication.visibility import visible_pages
from search.finding import SearchResult, find
from search.hits import Group, group_of, groups_of
from search.kinds import KINDS, Kind
from search.meaning import near_names
from search.words import asked

# Links to other pages, shown before a search and after a search without results.
MOST_WAYS = 12


class Results:
    """The results for the template: all groups, or one with its pages (see components/pagination.html)."""

    def __init__(self, found: SearchResult, request: HttpRequest, kind: Kind | None) -> None:
        self.found = found
        self.text = found.asked.text
        self.kind = kind
        self.groups: list[Group] = []
        self.pages: list[tuple[int, str] | None] = []
        if kind is None:
            self.groups = groups_of(found, request)
        else:
            self._one_kind(kind, request)
        self.total = sum(group.count for group in self.groups)

    def _one_kind(self, kind: Kind, request: HttpRequest) -> None:
        group, self.page = group_of(kind, self.found, request, request.GET.get("page", ""))
        self.groups = [group] if group.count else []
        paginator = self.page.paginator
        if paginator.num_pages > 1:
            numbers = paginator.get_elided_page_range(self.page.number, on_each_side=1, on_ends=1)
            self.pages = [
                (page, self._url(kind, page)) if isinstance(page, int) else None for page in numbers
            ]

    def _url(self, kind: Kind, page: int = 1) -> str:
        return "?" + urlencode({"q": self.text, "kind": kind.name, **({"page": page} if page > 1 else {})})

    @property
    def previous_url(self) -> str:
        return self._url(self.kind, self.page.number - 1) if self.kind and self.page.has_previous() else ""

    @property
    def next_url(self) -> str:
        return self._url(self.kind, self.page.number + 1) if self.kind and self.page.has_next() else ""

    @property
    def all_url(self) -> str:
        """Return the address of the same search over all kinds."""
        return "?" + urlencode({"q": self.text})

    @property
    def with_urls(self) -> list[tuple[Group, str]]:
        """Return each group with the address of all its hits, or '' if all are shown already."""
        return [
            (group, self._url(group.kind) if self.kind is None and group.count > len(group.hits) else "")
            for group in self.groups
        ]


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    question = asked(request.GET.get("q", ""))
    kind = next((kind for kind in KINDS if kind.name == request.GET.get("kind")), None)
    site = Site.find_for_request(request)
    context: dict[str, Any] = {"asked": question, "kind": kind, "searched": bool(question.parts)}
    if site is not None:
        if question.parts:
            results = Results(find(question, site), request, kind)
            context["results"] = results
            context["also"] = results.found.meaning.also
            if not results.total:
                context["near"] = near_names(question)
        if not question.parts or not context["results"].total:
            ways = visible_pages(Page.objects.child_of(site.root_page)).order_by("path")[:MOST_WAYS]
            context["ways"] = [(page.get_url(request), page.title) for page in ways]
    response = TemplateResponse(request, "search/search.html", context)
    # Results are not content, so search engines must not list them (robots.txt says so too).
    response.headers["X-Robots-Tag"] = "noindex"
    return response
