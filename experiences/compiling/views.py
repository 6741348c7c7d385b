"""The admin's view that makes a draft story of an interview, and shows what compiling again would change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from experiences.compiling import facts
from experiences.compiling.chooser import PERMISSION
from experiences.compiling.excerpts import PARTS
from experiences.compiling.plan import Change
from experiences.compiling.service import CompileResult, Review, StoryChanged, compile_story, review
from experiences.compiling.warnings import open_warnings
from interviews.models import Interview
from interviews.progress import admin_url
from interviews.services import Refused


@dataclass(frozen=True)
class Row:
    """A change as its list shows it: what it does, where, the words now and then, and whether it is ticked."""

    name: str
    what: str
    where: str
    now: str
    then: str
    against_editor: bool
    why: str
    ticked: bool


def _edit_url(page: Any) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


@require_http_methods(["GET", "POST"])
def compile_view(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the list of changes, or what the first draft will hold. POST: makes the draft, or the ticked changes."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    interview = get_object_or_404(Interview.objects.select_related("story"), pk=pk)
    user = cast(User, request.user)
    if request.method == "GET":
        return _shown(request, interview, review(interview=interview, by=user))
    seen = request.POST.get("seen")
    if interview.story_id and seen is None:
        # 'Make a draft story' pressed where there is one: nothing is changed before an editor saw what would be.
        return redirect("interviews_compile", pk=pk)
    try:
        # Without a list there is nothing that an editor refused: a second press right behind the first.
        accepted = request.POST.getlist("change") if seen is not None else None
        result = compile_story(interview=interview, by=user, accepted=accepted, seen=seen)
    except StoryChanged as changed:
        messages.warning(
            request, _("The story or its excerpts changed since you opened this list. Look at it once more.")
        )
        return _shown(request, interview, changed.review, picked=set(request.POST.getlist("change")))
    except Refused as refused:
        messages.error(request, str(refused))
        return _shown(request, interview, review(interview=interview, by=user))
    messages.success(request, _said(result))
    return redirect(_edit_url(result.page))


def _said(result: CompileResult) -> str:
    number = len(result.applied)
    if result.created:
        return ngettext(
            "A draft story was made, with %(number)d quote. It is not published.",
            "A draft story was made, with %(number)d quotes. It is not published.",
            number,
        ) % {"number": number}
    return ngettext(
        "%(number)d change was made to the draft. It is not published.",
        "%(number)d changes were made to the draft. It is not published.",
        number,
    ) % {"number": number}


def _shown(
    request: HttpRequest, interview: Interview, found: Review | None, picked: set[str] | None = None
) -> HttpResponse:
    """`picked`: what was ticked in a list that is out of date; new changes are ticked as always."""
    page = found.page if found else None
    warnings = open_warnings(page) if page else []
    context = {
        "interview": interview,
        "page": page,
        "rows": [_row(page, change) for change in found.changes] if found else [],
        "seen": found.seen if found else "",
        "is_repeated": picked is not None,
        "excerpt_count": 0 if found else interview.excerpts.kept().count(),
        "warnings": warnings,
        "edit_url": _edit_url(page) if page else "",
        "workbench_url": admin_url("interviews_workbench", interview.pk),
        "header_title": _("Compile again") if found else _("Make a draft story"),
    }
    return TemplateResponse(
        request, "experiences/compiling/review.html", context, status=409 if picked is not None else 200
    )


def _row(page: Any, change: Change) -> Row:
    """`change` in words."""
    sections = {part: str(section.label) for section, part in PARTS.items()}
    where, now, then, why = sections.get(change.part, ""), change.now, change.then, ""
    if change.kind == "fact":
        what, where = _("Set"), facts.label_of(page, change.key)
        now, then = facts.words_of(page, change.key, now), facts.words_of(page, change.key, then)
        why = _("The story says otherwise.") if change.against_editor else ""
    elif change.kind == "add":
        what = _("Add")
        why = _("It was compiled before, and taken out of the story.") if change.against_editor else ""
    elif change.kind == "update":
        what = _("Update")
        why = _("It was rewritten in the story since.") if change.against_editor else ""
        if now == then:
            why = " ".join([why, _("The speaker, the question or the moment changed.")]).strip()
    elif change.kind == "move":
        what = _("Move")
        now, then = sections.get(now, now), sections.get(then, then)
        why = _("It was moved in the story too.") if change.against_editor else ""
    else:
        what = _("Take out")
        why = _("It was rewritten in the story since.") if change.against_editor else ""
    return Row(
        change.name, what, where, now, then, change.against_editor, why, ticked=not change.against_editor
    )
