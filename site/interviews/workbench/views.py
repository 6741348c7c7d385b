"""The page of the workbench, inside Wagtail's admin."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.urls import reverse
from wagtail.admin.admin_url_finder import AdminURLFinder

from interviews.models import Interview
from interviews.progress import admin_url
from interviews.workbench import serialise
from interviews.workbench.api import PERMISSION

FOLDER = "firsthand-admin/workbench/"
MODULES = (
    "rating", "words", "runs", "state", "transcript", "selection", "excerpts", "cards", "card", "player",
    "strip", "find", "warnings", "conditions", "saving", "outbox", "presence", "keys", "dialogs", "dom",
    "main",
)  # fmt: skip
ACTIONS = (
    "data", "found", "decisions", "excerpts", "identifier", "condition", "speaker", "topics", "here",
)  # fmt: skip


def import_map() -> str:
    """Return the import map: modules import each other by plain name, but collected files have a digest in
    theirs.
    """
    plain = settings.STATIC_URL + FOLDER
    named = {f"{plain}{name}.js": static(f"{FOLDER}{name}.js") for name in MODULES}
    pairs = {before: after for before, after in named.items() if before != after}
    return json.dumps({"imports": pairs}).replace("<", "\\u003c")


def workbench(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the workbench of interview `pk`."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    interview = get_object_or_404(Interview.objects.select_related("story"), pk=pk)
    finder = AdminURLFinder(request.user)
    context: dict[str, Any] = {
        "interview": interview,
        "steps": serialise.steps(interview),
        "edit_url": finder.get_edit_url(interview),
        "story_url": finder.get_edit_url(interview.story) if interview.story else None,
        "compile_url": admin_url("interviews_compile", interview.pk),
        "recording_url": admin_url("interviews_recording", interview.pk) if interview.recording else "",
        "direction": "rtl" if serialise.is_right_to_left(interview.language) else "ltr",
        "imports": import_map(),
        "data_url": reverse("interviews_workbench_data", args=[interview.pk]),
    }
    profile = getattr(request.user, "wagtail_userprofile", None)
    context["settings"] = {
        "me": serialise.person(request.user),  # type: ignore[arg-type]  # the admin requires login
        "interview": interview.pk,
        "urls": {name: reverse(f"interviews_workbench_{name}", args=[interview.pk]) for name in ACTIONS},
        "recording": bool(context["recording_url"]),
        "story": context["story_url"] or "",
        "single_keys": bool(getattr(profile, "keyboard_shortcuts", True)),
    }
    return render(request, "interviews/workbench.html", context)
