"""Imports case rows into a cohort in two steps: read the file and look, then import. Only the second stores
anything.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from cohorts.admin import pending_rows
from cohorts.admin.cohort_view import CohortView
from cohorts.admin.forms import RowsForm
from cohorts.columns import COLUMNS, template_csv
from cohorts.models.cohort import Basis, Cohort
from cohorts.services import import_rows, plan, read_for
from uploads import pending_uploads
from uploads.errors import EditorError

# More errors are only counted.
MOST_ERRORS = 200


def may_import(user: Any, cohort: Cohort) -> bool:
    """Return whether a user may import: editors of cohorts, or for a published cohort those who may publish
    it.
    """
    if not user.has_perm("cohorts.change_cohort"):
        return False
    return not cohort.live or bool(user.has_perm("cohorts.publish_cohort"))


def template_view(_request: HttpRequest) -> HttpResponse:
    """Return the empty file to fill in, for everyone who may enter the admin: it holds no data."""
    return HttpResponse(
        "\ufeff" + template_csv(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="case-rows.csv"'},
    )


class RowsView(CohortView):
    page_title = gettext_lazy("Import case rows")
    header_icon = "upload"
    template_name = "cohorts/admin/cohort_rows.html"

    def is_open_to(self, user: Any) -> bool:
        return may_import(user, self.cohort)

    def get(self, request: HttpRequest, **_kwargs: object) -> HttpResponseBase:
        kept = pending_rows.load(request, self.cohort)
        if kept is None:
            return self._show(form=RowsForm())
        token, read = kept
        return self._show(
            token=token,
            read=read,
            plan=plan(self.cohort, read),
            errors=read.errors[:MOST_ERRORS],
            more_errors=max(0, len(read.errors) - MOST_ERRORS),
        )

    def post(self, request: HttpRequest, **_kwargs: object) -> HttpResponseBase:
        if "forget" in request.POST:
            pending_uploads.forget(request, self.cohort)
            return redirect("cohorts_rows", self.cohort.pk)
        return self._import() if "import" in request.POST else self._upload()

    def _upload(self) -> HttpResponseBase:
        form = RowsForm(self.request.POST, self.request.FILES)
        if not form.is_valid():
            return self._show(form=form)
        file = form.cleaned_data["rows"]
        try:
            read = read_for(self.cohort, file.read())
        except EditorError as error:
            form.add_error("rows", str(error))
            return self._show(form=form)
        pending_rows.keep(self.request, self.cohort, read)
        return redirect("cohorts_rows", self.cohort.pk)

    def _import(self) -> HttpResponseBase:
        kept = pending_rows.load(self.request, self.cohort)
        if kept is None or kept[0] != self.request.POST.get("token"):
            messages.warning(
                self.request,
                _(
                    "This file is no longer kept, or you have uploaded another one since. Check the preview "
                    "again."
                ),
            )
            return redirect("cohorts_rows", self.cohort.pk)
        by = self.request.user if isinstance(self.request.user, User) else None
        done = import_rows(cohort=self.cohort, read=kept[1], by=by)
        pending_uploads.forget(self.request, self.cohort)
        messages.success(
            self.request,
            ngettext(
                "%(new)s case is new, %(updated)s changed, %(same)s as before, %(refused)s refused.",
                "%(new)s cases are new, %(updated)s changed, %(same)s as before, %(refused)s refused.",
                done.created,
            )
            % {
                "new": done.created,
                "updated": done.updated,
                "same": done.unchanged,
                "refused": done.refused,
            },
        )
        if self.cohort.basis == Basis.ROWS:
            return redirect("cohorts_version", self.cohort.pk)
        return redirect(self.edit_url())

    def _show(self, **shown: Any) -> HttpResponseBase:
        context = self.get_context_data(
            cohort=self.cohort,
            columns=COLUMNS,
            is_typed=self.cohort.basis != Basis.ROWS,
            measures=self.cohort.measures.all(),
            **shown,
        )
        return self.render_to_response(context)
