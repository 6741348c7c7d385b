"""The surfaces on which stories and videos are shown, other than their own pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from experiences.models import StoryClip, StoryIndexPage, StoryInterview, StoryPage, VideoIndexPage, VideoPage
from experiences.querysets import story_cards, video_cards
from media import clip_tasks
from media.models import Clip
from media.models.clip import ClipState, new_folder
from media.storage import public_storage
from pages.models import HomePage
from treatments.matching import lineages
from treatments.models import TreatmentIndexPage, TreatmentPage
from withdrawal.surfaces import Scope, Surface, SurfaceContent, register
from withdrawal.surfaces.addresses import path_of_file
from withdrawal.surfaces.lists import Lists, paths_of

# At most this many pages that may list a story as related are purged from front-end caches.
MOST_RELATED = 500


class _Experiences(Lists):
    def can_list(self, page: Page) -> bool:
        return isinstance(page, StoryPage | VideoPage)

    def count_public(self, ids: list[int]) -> int:
        return story_cards().filter(pk__in=ids).count() + video_cards().filter(pk__in=ids).count()


@register
class StoryLists(_Experiences):
    name = "lists"
    label = _("Lists and their counts")
    kinds = ("list", "tag and condition list", "facet count")
    page_types = ("experiences.StoryIndexPage", "experiences.VideoIndexPage")

    def paths(self, pages: list[Page]) -> Iterable[str]:
        videos = any(isinstance(page, VideoPage) for page in pages)
        return paths_of([*StoryIndexPage.objects.live(), *(VideoIndexPage.objects.live() if videos else ())])


@register
class LatestOnHomePage(_Experiences):
    name = "latest"
    label = _("Newest stories on the home page")
    kinds = ("home",)
    page_types = ("pages.HomePage",)

    def paths(self, pages: list[Page]) -> Iterable[str]:  # noqa: ARG002 - every surface takes it
        return paths_of(HomePage.objects.live())


@register
class OnTreatmentPages(_Experiences):
    name = "treatment_pages"
    label = _("Treatment pages: stories, video, outcomes")
    kinds = ("treatment page", "balance figures")
    page_types = ("treatments.TreatmentPage", "treatments.TreatmentIndexPage")

    def paths(self, pages: list[Page]) -> Iterable[str]:
        conditions = lineages(path for page in pages for path in page.labels.condition_paths)
        found = TreatmentPage.objects.live().filter(condition__path__in=conditions)
        return paths_of([*found, *TreatmentIndexPage.objects.live()])


@register
class Related(_Experiences):
    name = "related"
    label = _("Related stories")
    kinds = ("related",)
    page_types = ("experiences.StoryPage", "experiences.VideoPage")

    def can_list(self, page: Page) -> bool:
        return isinstance(page, StoryPage)

    def paths(self, pages: list[Page]) -> Iterable[str]:
        """Return pages of the same branches of the vocabulary.

        (A page of another branch may list the story too, for its different outcome.)
        """
        branches = {path[:4] for page in pages for path in page.labels.condition_paths}
        near = Q(pk__in=[])
        for branch in branches:
            near |= Q(conditions__path__startswith=branch)
        own = [page.pk for page in pages]
        stories = StoryPage.objects.live().filter(near).exclude(pk__in=own).distinct()
        videos = VideoPage.objects.live().filter(near).exclude(pk__in=own).distinct()
        light = Page.objects.filter(
            Q(pk__in=stories.order_by().values("pk")) | Q(pk__in=videos.order_by().values("pk"))
        )
        return paths_of(light[:MOST_RELATED])


# What a story shows of its interviews -----------------------------------------------------------------------


@register
class Clips(Surface):
    """The clips of quotes, with their captions and stills."""

    name = "clips"
    label = _("Clips with captions and stills")
    kinds = ("clip", "clip captions", "clip poster")
    files = ("clips/",)
    order = 20

    def find(self, scope: Scope) -> SurfaceContent:
        links = list(StoryClip.objects.select_related("clip").filter(page__in=_stories(scope)))
        down = set(scope.ids)
        out = {page.pk: parts for page, parts in scope.redacted.items()}
        links = [
            link
            for link in links
            if link.page_id in down
            or not {f"clip:{link.block_id}", f"block:{link.block_id}"}.isdisjoint(out.get(link.page_id, ()))
        ]
        clips = list({link.clip_id: link.clip for link in links}.values())
        files = sorted(
            {file.name for clip in clips for file in (clip.file, clip.poster, clip.captions) if file.name}
        )
        shared = set(
            StoryClip.objects.filter(clip__in=clips)
            .exclude(pk__in=[link.pk for link in links])
            .values_list("clip_id", flat=True)
        )
        gone = {
            path_of_file(file.name)
            for clip in clips
            if clip.pk not in shared
            for file in (clip.file, clip.poster, clip.captions)
            if file.name
        }
        return SurfaceContent(
            max(len(files), len(clips)),
            {
                "links": [link.pk for link in links],
                "clips": [clip.pk for clip in clips if clip.pk not in shared],
                "folders": [clip.folder for clip in clips if clip.pk not in shared],
            },
            removed_paths=frozenset(filter(None, gone)),
        )

    def take_down_in_transaction(self, what: dict[str, Any]) -> None:
        """Move the clips out of their folders: files in a folder without a clip are not served."""
        StoryClip.objects.filter(pk__in=what.get("links", [])).delete()
        for clip in Clip.objects.select_for_update().filter(pk__in=what.get("clips", [])).order_by("pk"):
            Clip.objects.filter(pk=clip.pk).update(
                folder=new_folder(),
                file="",
                poster="",
                captions="",
                state=ClipState.PENDING,
                captioned=False,
            )

    def take_down(self, what: dict[str, Any]) -> None:
        StoryClip.objects.filter(pk__in=what.get("links", [])).delete()
        clip_tasks.remove_unused(among=what.get("clips", []))
        kept = set(Clip.objects.filter(folder__in=what.get("folders", [])).values_list("folder", flat=True))
        for folder in set(what.get("folders", [])) - kept:
            for name in clip_tasks.files_in(folder):
                public_storage().delete(name)

    def check(self, what: dict[str, Any]) -> int:
        links = StoryClip.objects.filter(pk__in=what.get("links", [])).count()
        # A clip that another page has begun to use since is rightly there.
        kept = Clip.objects.filter(pk__in=what.get("clips", []), folder__in=what.get("folders", []))
        unused = Clip.objects.unused().filter(pk__in=kept).count()
        wanted = set(kept.values_list("folder", flat=True))
        left = sum(
            len(clip_tasks.files_in(folder)) for folder in what.get("folders", []) if folder not in wanted
        )
        return links + unused + left


@register
class Transcripts(Surface):
    """The records of interviews and the whole transcripts of published stories."""

    name = "transcripts"
    label = _("Transcripts of interviews")
    kinds = ("transcript",)
    database_only = True
    order = 20

    def find(self, scope: Scope) -> SurfaceContent:
        down = set(scope.ids)
        named = {
            (page.pk, int(part.partition(":")[2]))
            for page, parts in scope.redacted.items()
            for part in parts
            if part.startswith("transcript:")
        }
        records = StoryInterview.objects.filter(page__in=_stories(scope))
        going = [one.pk for one in records if one.page_id in down]
        emptied = [one.pk for one in records if one.lines and (one.page_id, one.interview_id) in named]
        return SurfaceContent(len(going) + len(emptied), {"records": going, "emptied": emptied})

    def take_down(self, what: dict[str, Any]) -> None:
        StoryInterview.objects.filter(pk__in=what.get("records", [])).delete()
        StoryInterview.objects.filter(pk__in=what.get("emptied", [])).update(lines=[])

    def check(self, what: dict[str, Any]) -> int:
        left = StoryInterview.objects.filter(pk__in=what.get("emptied", [])).exclude(lines=[]).count()
        return left + StoryInterview.objects.filter(pk__in=what.get("records", [])).count()


def _stories(scope: Scope) -> list[int]:
    return [page.pk for page in scope.touched if isinstance(page, StoryPage)]
