"""The draft of a cohort's report next to what is public: a person looks, then publishes it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.admin.cohort_view import CohortView
from cohorts.models.cohort import Basis
from cohorts.report_versions import DraftRefused, draft_of, publish_draft
from cohorts.services import withdraw_case
from cohorts.version_changes import alike, changes
from disclosure_control import configured


class VersionView(CohortView):
    """Compares, publishes, and withdraws a person from the cohort."""

    page_title = gettext_lazy("Draft of the report")
    header_icon = "history"
    template_name = "cohorts/admin/version.html"
    which = {"basis": Basis.ROWS}

    @property
    def may_publish(self) -> bool:
        return self.request.user.has_perm("cohorts.publish_cohort")

    def get(self, _request: HttpRequest, **_kwargs: object) -> HttpResponseBase:
        draft = draft_of(self.cohort)
        return self.render_to_response(
            self.get_context_data(
                cohort=self.cohort,
                draft=draft,
                changes=changes(draft.newest.data if draft.newest else None, draft.data),
                alike=alike(draft.data),
                may_publish=self.may_publish,
                fewest=configured.rules().fewest,
                withheld=self.cohort.reports.exclude(withheld_at=None).exists(),
            )
        )

    def post(self, request: HttpRequest, **_kwargs: object) -> HttpResponseBase:
        if "withdraw" in request.POST:
            self._withdraw(request)
        elif not self.may_publish:
            raise PermissionDenied
        else:
            self._publish(request)
        return redirect("cohorts_version", self.cohort.pk)

    def _publish(self, request: HttpRequest) -> None:
        try:
            report = publish_draft(
                cohort=self.cohort,
                digest=request.POST.get("digest", ""),
                by=request.user,  # type: ignore[arg-type]
            )
        except DraftRefused as refused:
            messages.error(request, str(refused))
            return
        messages.success(request, _("Version %(number)s is public.") % {"number": report.number})

    def _withdraw(self, request: HttpRequest) -> None:
        number = request.POST.get("number", "").strip()
        if not number:
            messages.error(request, _("Enter the hospital’s number of the person."))
        elif withdraw_case(cohort=self.cohort, number=number, by=request.user):  # type: ignore[arg-type]
            messages.success(
                request, _("The person’s rows are deleted. What is public no longer counts them.")
            )
        else:
            messages.warning(
                request,
                _("No case row has this number. If the number comes in a later file, it is left out."),
            )
