"""Surfaces where case studies show besides their own pages."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from casestudies.downloads import KINDS
from casestudies.models import CaseStudyIndexPage, CaseStudyPage
from casestudies.querysets import for_lists
from treatments.matching import lineages
from treatments.models import TreatmentPage
from withdrawal.surfaces import Scope, SurfaceContent, exempt, register
from withdrawal.surfaces.addresses import path_of
from withdrawal.surfaces.lists import Lists, paths_of

exempt("Counts all people treated; groups under five are withheld.", "cohorts.CohortReportPage")


class _Cases(Lists):
    def can_list(self, page: Page) -> bool:
        return isinstance(page, CaseStudyPage)

    def count_public(self, ids: list[int]) -> int:
        return for_lists().filter(pk__in=ids).count()


@register
class CaseLists(_Cases):
    name = "case_lists"
    label = _("Lists of case studies, and treatment pages")
    kinds = ("case list",)
    page_types = ("casestudies.CaseStudyIndexPage", "casestudies.CaseStudyPage")

    def paths(self, pages: list[Page]) -> Iterable[str]:
        conditions = lineages(term.path for page in pages for term in page.conditions.all())
        treatment_pages = TreatmentPage.objects.live().filter(condition__path__in=conditions)
        return paths_of([*CaseStudyIndexPage.objects.live(), *treatment_pages])


@register
class Downloads(_Cases):
    """PDF, CSV and Phenopacket. They are made on request: the page leaves no file behind."""

    name = "downloads"
    label = _("Downloads of case studies")
    kinds = ("PDF", "download")

    def find(self, scope: Scope) -> SurfaceContent:
        found = super().find(scope)
        if not found.count:
            return found
        pages = [page for page in scope.unpublished if page.pk in found.what["pages"]]
        gone = {
            f"{path_of(page)}{kind}/{saved}" for page in pages for kind in KINDS for saved in ("", "save/")
        }
        return SurfaceContent(len(pages) * len(KINDS), found.what, removed_paths=frozenset(gone))
