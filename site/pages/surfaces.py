"""Surfaces where editors chose a story by hand, and page types that show no contributor."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from consent.uses import Use
from pages.models import HomePage
from withdrawal.surfaces import Scope, Surface, SurfaceContent, exempt, register
from withdrawal.surfaces.lists import paths_of

exempt(
    "Shows what editors write on it. Where it names a person, the surface of mentions removes it.",
    "pages.StandardPage",
    "wagtailcore.Page",
)


@register
class FrontPageChoices(Surface):
    """The story and the quote that an editor chose for the front page, in what is public and
    in its drafts.
    """

    name = "front_page"
    label = _("Chosen for the front page")
    kinds = ("home feature",)
    database_only = True

    def find(self, scope: Scope) -> SurfaceContent:
        quoted = {page.pk for page in scope.unpublished}
        if Use.QUOTES in scope.uses or Use.TEXT in scope.uses:
            quoted |= {page.pk for page in scope.redacted}
        lead = list(HomePage.objects.filter(lead_story__in=scope.ids))
        quotes = list(HomePage.objects.filter(quote_story__in=quoted))
        drafts = [page.pk for page in HomePage.objects.all() if _draft_shows(page, set(scope.ids), quoted)]
        return SurfaceContent(
            len({*lead, *quotes}) + len(set(drafts) - {page.pk for page in [*lead, *quotes]}),
            {"lead": scope.ids, "quoted": sorted(quoted)} if lead or quotes or drafts else {},
            changed_paths=frozenset(paths_of([*lead, *quotes])),
        )

    def take_down(self, what: dict[str, Any]) -> None:
        if not what:
            return
        HomePage.objects.filter(lead_story__in=what["lead"]).update(lead_story=None)
        HomePage.objects.filter(quote_story__in=what["quoted"]).update(
            quote="", quote_speaker="", quote_story=None
        )
        lead, quoted = set(what["lead"]), set(what["quoted"])
        for page in HomePage.objects.all():
            revision = page.latest_revision
            if revision is None or not _draft_shows(page, lead, quoted):
                continue
            content = revision.content
            if content.get("lead_story") in lead:
                content["lead_story"] = None
            if content.get("quote_story") in quoted:
                content |= {"quote": "", "quote_speaker": "", "quote_story": None}
            revision.content = content
            revision.save(update_fields=["content"])

    def check(self, what: dict[str, Any]) -> int:
        if not what:
            return 0
        lead = HomePage.objects.filter(lead_story__in=what["lead"]).count()
        return lead + HomePage.objects.filter(quote_story__in=what["quoted"]).count()


def _draft_shows(page: HomePage, lead: set[int], quoted: set[int]) -> bool:
    content = page.latest_revision.content if page.latest_revision else {}
    return content.get("lead_story") in lead or content.get("quote_story") in quoted
