"""Reports of cohorts: every version that was ever public, and the page that shows them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.search import index

from cohorts.models.cohort import Cohort
from cohorts.report_content import shown_report
from cohorts.report_disclosures import beside_rows
from pages.models import BasePage


class CohortReportQuerySet(models.QuerySet["CohortReport"]):
    def shown(self) -> CohortReportQuerySet:
        """Return the versions that visitors may see, while their cohort is published."""
        return self.filter(withheld_at=None)


class CohortReport(models.Model):
    """One version: what was published (`data`, after disclosure control), its hash, and its PDF as made then.

    `members`: what each person added to it, by a pseudonym; private. None where the figures were typed or
    people are not known. `left`: people who were in it and whose pseudonym was deleted when they withdrew.
    A version with `withheld_at` is not shown any more: someone in it has withdrawn.
    """

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="reports")
    number = models.PositiveIntegerField(_("version"))
    data = models.JSONField()
    data_hash = models.CharField(_("hash of the data"), max_length=64)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # In the database: with its data or not at all, whatever happens to the disk.
    pdf = models.BinaryField()
    members = models.JSONField(null=True, editable=False)
    left = models.PositiveIntegerField(default=0, editable=False)
    withheld_at = models.DateTimeField(_("not shown since"), null=True, editable=False)

    objects = CohortReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report version")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["cohort", "number"], name="one_report_a_version")]

    def __str__(self) -> str:
        return _("%(title)s, version %(number)s") % {"title": self.cohort, "number": self.number}


class CohortReportPage(RoutablePageMixin, BasePage):
    """A cohort's report: to read here, to view as PDF and to save, in its newest version and in every earlier
    one.
    """

    template = "cohorts/report_page.html"

    cohort = models.ForeignKey(
        Cohort, on_delete=models.PROTECT, related_name="report_pages", verbose_name=_("cohort")
    )
    lede = models.TextField(_("opening words"), max_length=400, blank=True)

    content_panels = [*BasePage.content_panels, "cohort", "lede"]
    search_fields = [*BasePage.search_fields, index.SearchField("lede")]
    parent_page_types = ["treatments.TreatmentPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("cohort report")

    @cached_property
    def versions(self) -> list[CohortReport]:
        """Every version, newest first, without their data and files. None while the cohort is
        not published.
        """
        if not self.cohort.live:
            return []
        return list(self.cohort.reports.shown().only("number", "made_at", "data_hash", "cohort_id"))

    def version(self, number: int | None = None) -> CohortReport:
        """Return one version, the newest without a number. Raises Http404 where there is none to see."""
        if not self.cohort.live:
            raise Http404
        reports = self.cohort.reports.shown()
        found = (reports.filter(number=number) if number else reports).first()
        if found is None:
            raise Http404
        return found

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        number = kwargs.get("number")
        try:
            report = self.version(number)
        except Http404:
            if number:
                raise
            report = None
        if report is not None:
            context |= {"report": report, "shown": shown_report(report.data), "versions": self.versions}
            context["beside"] = beside_rows(self)
            context["is_newest"] = report.number == self.versions[0].number
        return context

    @path("")
    def newest(self, request: HttpRequest) -> HttpResponse:
        return self.render(request)

    @path("version/<int:number>/")
    def one_version(self, request: HttpRequest, number: int) -> HttpResponse:
        self.version(number)
        return self.render(request, context_overrides=self.get_context(request, number=number))

    @path("pdf/", name="pdf")
    def newest_pdf(self, _request: HttpRequest) -> HttpResponse:
        return self._file(self.version())

    @path("pdf/save/", name="save_pdf")
    def save_newest_pdf(self, _request: HttpRequest) -> HttpResponse:
        return self._file(self.version(), save=True)

    @path("version/<int:number>/pdf/", name="version_pdf")
    def version_pdf(self, _request: HttpRequest, number: int) -> HttpResponse:
        return self._file(self.version(number))

    @path("version/<int:number>/pdf/save/", name="save_version_pdf")
    def save_version_pdf(self, _request: HttpRequest, number: int) -> HttpResponse:
        return self._file(self.version(number), save=True)

    def _file(self, report: CohortReport, *, save: bool = False) -> HttpResponse:
        name = f"{slugify(self.title) or 'report'}-version-{report.number}.pdf"
        kind = "attachment" if save else "inline"
        return HttpResponse(
            bytes(report.pdf),
            content_type="application/pdf",
            headers={
                "Content-Disposition": f'{kind}; filename="{name}"',
                "X-Content-Type-Options": "nosniff",
            },
        )
