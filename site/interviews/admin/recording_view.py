"""Serves a private recording to users who may change its interview, in ranges so that the player can seek."""

from __future__ import annotations

from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from audit.file_access import record_access
from interviews.admin.access import hidden_from_others
from interviews.models import Interview
from media.range_response import file_response


@hidden_from_others
@require_safe
def recording(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Return the recording of interview `pk`, or the requested range; 404 for other users and without a
    recording.
    """
    interview = get_object_or_404(Interview.objects.only("recording"), pk=pk)
    if not interview.recording:
        raise Http404
    record_access(user=request.user, file=interview)
    response: HttpResponseBase
    try:
        path = Path(interview.recording.path)
    except NotImplementedError:
        # Object storage: a signed URL that expires after minutes (docs/interviews.md).
        response = HttpResponseRedirect(interview.recording.url)
    else:
        response = file_response(request, path)
        if response.status_code in {200, 206}:
            response.headers["Content-Disposition"] = "inline"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
