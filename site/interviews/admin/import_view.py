"""Imports a transcript in two steps: upload and preview, then import.

Only the second step changes the interview.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from interviews.admin.access import for_editors
from interviews.admin.forms import TranscriptForm, contents
from interviews.admin.preview import (
    Preview,
    names_given,
    preview,
    read_pending,
    roles_given,
)
from interviews.importing import ImportReport, import_transcript, pack, set_roles
from interviews.models import Interview
from transcripts import TranscriptRead, Unreadable
from uploads import pending_uploads
from uploads.pending_uploads import PendingUpload


@method_decorator(for_editors, name="dispatch")
class ImportView(WagtailAdminTemplateMixin, View):
    page_title = gettext_lazy("Import transcript")
    header_icon = "upload"
    template_name = "interviews/import.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.interview = get_object_or_404(Interview, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.interview.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        viewset = Interview.snippet_viewset
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse(viewset.get_url_name("list")), "label": viewset.menu_label},
            {
                "url": reverse(viewset.get_url_name("edit"), args=[self.interview.pk]),
                "label": self.interview.title,
            },
            {"url": "", "label": self.page_title},
        ]

    def get(self, request: HttpRequest, *_args: object, **_keys: Any) -> HttpResponseBase:
        kept = pending_uploads.load(request, self.interview)
        if kept is None:
            return self._form(TranscriptForm())
        try:
            return self._preview(preview(self.interview, kept, self._read(kept)))
        except Unreadable as error:
            return self._refused(kept, str(error))

    def post(self, request: HttpRequest, *_args: object, **_keys: Any) -> HttpResponseBase:
        if "forget" in request.POST:
            pending_uploads.forget(request, self.interview)
            return redirect("interviews_import", self.interview.pk)
        return self._import() if "import" in request.POST else self._upload()

    def _upload(self) -> HttpResponseBase:
        form = TranscriptForm(self.request.POST, self.request.FILES)
        if not form.is_valid():
            return self._form(form)
        given = PendingUpload("", contents(form.cleaned_data["transcript"]))
        try:
            self._read(given)
        except Unreadable as error:
            form.add_error("transcript", f"“{given.names}”: {error}")
            return self._form(form)
        pending_uploads.keep(self.request, self.interview, given.files)
        return redirect("interviews_import", self.interview.pk)

    def _import(self) -> HttpResponseBase:
        data = self.request.POST
        kept = pending_uploads.load(self.request, self.interview)
        if kept is None:
            messages.error(self.request, _("The uploaded file has expired. Choose it again."))
            return redirect("interviews_import", self.interview.pk)
        if kept.token != data.get("token"):
            messages.warning(
                self.request,
                _("Another file has been uploaded, perhaps in another tab. This is its preview."),
            )
            return redirect("interviews_import", self.interview.pk)
        try:
            read = self._read(kept)
        except Unreadable as error:
            return self._refused(kept, str(error))
        if shown := self._changed_meanwhile(kept, read):
            return shown
        source, filename = pack(kept.files)
        report = import_transcript(
            interview=self.interview,
            read=read,
            by=by if isinstance(by := self.request.user, User) else None,
            source=source,
            filename=filename,
            names=names_given(read, data),
        )
        set_roles(self.interview, roles_given(read, data))
        pending_uploads.forget(self.request, self.interview)
        return self._done(report)

    def _read(self, uploaded: PendingUpload) -> TranscriptRead:
        return read_pending(uploaded, self.interview.language)

    def _changed_meanwhile(self, kept: PendingUpload, read: TranscriptRead) -> HttpResponseBase | None:
        """Return the new preview if another editor has changed the excerpts or the transcript since; else
        None.
        """
        now = preview(self.interview, kept, read, self.request.POST)
        if now.plan.stamp == self.request.POST.get("stamp"):
            return None
        messages.warning(
            self.request,
            _("Another editor has changed this interview. Check again what would change, then import."),
        )
        return self._preview(now)

    def _done(self, report: ImportReport) -> HttpResponseRedirect:
        message = ngettext("%(count)d cue imported.", "%(count)d cues imported.", report.cues) % {
            "count": report.cues
        }
        messages.success(self.request, message)
        if report.lost:
            messages.warning(
                self.request,
                ngettext(
                    "%(count)d excerpt no longer has a place in the transcript. "
                    "It is listed on the interview.",
                    "%(count)d excerpts no longer have a place in the transcript. "
                    "They are listed on the interview.",
                    len(report.lost),
                )
                % {"count": len(report.lost)},
            )
        return redirect("interviews_workbench", self.interview.pk)

    def _refused(self, kept: PendingUpload, reason: str) -> HttpResponseBase:
        pending_uploads.forget(self.request, self.interview)
        return self._form(TranscriptForm(), refused=f"“{kept.names}”: {reason}")

    def _form(self, form: TranscriptForm, refused: str = "") -> HttpResponseBase:
        return self._render(form=form, refused=refused)

    def _preview(self, shown: Preview) -> HttpResponseBase:
        return self._render(shown=shown)

    def _render(self, **context: Any) -> HttpResponseBase:
        context = self.get_context_data(interview=self.interview, **context)
        return self.render_to_response(context)
