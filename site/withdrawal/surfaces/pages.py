"""The pages themselves and whatever leads straight to them: aliases, translations, old addresses, drafts,
links."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Revision, WorkflowState

from approval.models import ApprovalLink
from publication.models import Clearance
from publication.visibility import visible_pages
from withdrawal.surfaces.addresses import path_of
from withdrawal.surfaces.registry import Scope, Surface, SurfaceContent, register


def still_public(ids: list[int]) -> int:
    """Return how many of these pages visitors can still open."""
    return visible_pages(Page.objects.filter(pk__in=ids)).count()


class _Pages(Surface):
    """Pages of one kind.

    The withdrawal itself unpublishes them, before any step; the step only checks them.
    """

    order = 10

    def among(self, scope: Scope) -> list[Any]:
        raise NotImplementedError

    def find(self, scope: Scope) -> SurfaceContent:
        pages = self.among(scope)
        paths = frozenset(path for page in pages if page.live and (path := path_of(page)))
        return SurfaceContent(len(pages), {"pages": [page.pk for page in pages]}, removed_paths=paths)

    def check(self, what: dict[str, Any]) -> int:
        return still_public(what.get("pages", []))


def _first_locale(scope: Scope, page: Page) -> int:
    """Return the language of the oldest page with this translation key, from which the others were
    translated."""
    return min(
        (one.pk, one.locale_id) for one in scope.unpublished if one.translation_key == page.translation_key
    )[1]


@register
class Pages(_Pages):
    name = "pages"
    label = _("Pages")
    kinds = ("page", "transcript")
    patterns = ("^((?:[\\w\\-]+/)*)$",)

    def among(self, scope: Scope) -> list[Any]:
        return [
            page
            for page in scope.unpublished
            if not page.alias_of_id and page.locale_id == _first_locale(scope, page)
        ]


@register
class Aliases(_Pages):
    name = "aliases"
    label = _("Aliases")
    kinds = ("alias",)

    def among(self, scope: Scope) -> list[Any]:
        return [page for page in scope.unpublished if page.alias_of_id]


@register
class Translations(_Pages):
    name = "translations"
    label = _("Translations")
    kinds = ("translation",)

    def among(self, scope: Scope) -> list[Any]:
        return [
            page
            for page in scope.unpublished
            if not page.alias_of_id and page.locale_id != _first_locale(scope, page)
        ]


@register
class RedactedParts(Surface):
    """The redacted parts of pages that stay public."""

    name = "parts"
    label = _("Parts of pages that stay public")
    order = 11

    def find(self, scope: Scope) -> SurfaceContent:
        parts = {str(page.pk): sorted(redacted) for page, redacted in scope.redacted.items()}
        stale = frozenset(path for page in scope.redacted if (path := path_of(page)))
        return SurfaceContent(sum(map(len, parts.values())), {"parts": parts}, changed_paths=stale)

    def check(self, what: dict[str, Any]) -> int:
        parts: dict[str, list[str]] = what.get("parts", {})
        kept = {clearance.pk: clearance.redacted() for clearance in Clearance.objects.filter(pk__in=parts)}
        return sum(
            part not in kept[int(page)]
            for page, named in parts.items()
            if int(page) in kept
            for part in named
        )


@register
class OldAddresses(Surface):
    """Redirects from a page's earlier addresses: a former slug may contain a name."""

    name = "old_addresses"
    label = _("Redirects from earlier addresses")
    kinds = ("old slug",)
    database_only = True

    def find(self, scope: Scope) -> SurfaceContent:
        found = list(Redirect.objects.filter(redirect_page__in=scope.ids))
        return SurfaceContent(
            len(found),
            {"redirects": [redirect.pk for redirect in found]},
            removed_paths=frozenset(redirect.old_path.partition("?")[0] for redirect in found),
        )

    def take_down(self, what: dict[str, Any]) -> None:
        Redirect.objects.filter(pk__in=what.get("redirects", [])).delete()

    def check(self, what: dict[str, Any]) -> int:
        return Redirect.objects.filter(pk__in=what.get("redirects", [])).count()


@register
class Scheduled(Surface):
    """Whatever would publish a page automatically: a scheduled date or a running workflow."""

    name = "scheduled"
    label = _("Scheduled publications and running workflows")
    database_only = True

    def find(self, scope: Scope) -> SurfaceContent:
        pages = [str(number) for number in scope.ids]
        revisions = Revision.page_revisions.filter(
            object_id__in=pages, approved_go_live_at__isnull=False
        ).values_list("pk", flat=True)
        running = self._running(pages).values_list("pk", flat=True)
        return SurfaceContent(
            len(revisions) + len(running),
            {"pages": scope.ids, "revisions": list(revisions), "workflows": list(running)},
        )

    @staticmethod
    def _running(pages: list[str]) -> Any:
        # A workflow is stored under two content types: that of wagtailcore.Page and that of the page's own
        # model.
        return WorkflowState.objects.filter(
            object_id__in=pages,
            base_content_type__app_label="wagtailcore",
            base_content_type__model="page",
            status__in=[WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES],
        )

    def take_down(self, what: dict[str, Any]) -> None:
        Revision.objects.filter(pk__in=what.get("revisions", [])).update(approved_go_live_at=None)
        Page.objects.filter(pk__in=what.get("pages", []), go_live_at__isnull=False).update(go_live_at=None)
        for state in WorkflowState.objects.filter(pk__in=what.get("workflows", [])):
            if state.status in (WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES):
                with transaction.atomic():
                    state.cancel()

    def check(self, what: dict[str, Any]) -> int:
        planned = Revision.objects.filter(
            pk__in=what.get("revisions", []), approved_go_live_at__isnull=False
        ).count()
        running = WorkflowState.objects.filter(
            pk__in=what.get("workflows", []), status=WorkflowState.STATUS_IN_PROGRESS
        ).count()
        return planned + running


@register
class ApprovalLinks(Surface):
    """Links by which others were shown a draft. The person's own links stay: they show the receipt."""

    name = "approval_links"
    label = _("Links to drafts")
    kinds = ("preview",)
    patterns = ("approve/<str:token>/", "approve/<str:token>/files/<path:signed>")
    database_only = True

    @staticmethod
    def _open() -> Any:
        now = timezone.now()
        return ApprovalLink.objects.filter(Q(revoked_at__isnull=True), expires_at__gt=now)

    def find(self, scope: Scope) -> SurfaceContent:
        links = list(
            self._open().filter(page__in=scope.ids).exclude(person=scope.person).values_list("pk", flat=True)
        )
        return SurfaceContent(len(links), {"links": links})

    def take_down(self, what: dict[str, Any]) -> None:
        self._open().filter(pk__in=what.get("links", [])).update(revoked_at=timezone.now())

    def check(self, what: dict[str, Any]) -> int:
        return self._open().filter(pk__in=what.get("links", [])).count()
