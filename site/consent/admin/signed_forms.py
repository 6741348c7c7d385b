"""Serves signed consent forms to permitted users. The audit trail records each time a form is opened."""

from __future__ import annotations

from pathlib import PurePath

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from audit import trail
from audit.actors import Actor
from consent.models import Consent


def signature(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Return the signed form of a consent as a download that no cache stores."""
    if not request.user.has_perm("consent.view_consent"):
        raise PermissionDenied
    consent = get_object_or_404(Consent, pk=pk)
    if not consent.signature:
        raise Http404
    trail.record(
        by=Actor.of(request.user), action="consent.form_read", thing=consent, person=consent.person_id
    )
    # Always a download: a file that a family sent must never run as a page of this site.
    suffix = PurePath(str(consent.signature.name)).suffix.lower()
    response = FileResponse(
        consent.signature.open("rb"),
        as_attachment=True,
        filename=f"consent-{consent.pk}{suffix}",
        content_type="application/octet-stream",
    )
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
