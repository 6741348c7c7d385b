"""The admin view that makes a draft story from an interview and shows what compiling again would change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

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
from wagtail.models import Page

from experiences.compiling import facts
from experiences.compiling.chooser import PERMISSION
from experiences.compiling.excerpts import PARTS
from experiences.compiling.quotes import Change
from experiences.compiling.service import CompileResult, Review, StoryChanged, compile_story, review
from experiences.compiling.warnings import open_warnings
from interviews.models import Interview
from interviews.progress import admin_url
from interviews.services import Refused


@dataclass(frozen=True)
class ChangeRow:
    """A change in the list: what it does, where, the words before and after, and whether it is ticked."""

    name: str
    what: str
    where: str
    now: str
    then: str
    against_editor: bool
    why: str
    ticked: bool


def _edit_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


@require_http_methods(["GET", "POST"])
def compile_view(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: list the changes, or preview the first draft. POST: make the draft, or the ticked changes."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    interview = get_object_or_404(Interview.objects.select_related("story"), pk=pk)
    user = cast(User, request.user)
    if request.method == "GET":
        return _change_list(request, interview, review(interview=interview, by=user))
    seen = request.POST.get("seen")
    if interview.story_id and seen is None:
        # The editor pressed 'Make a draft story', but there is one: show the changes before making any.
        return redirect("interviews_compile", pk=pk)
    try:
        # Without a list the editor has refused nothing: it may be the second click on the same button.
        accepted = request.POST.getlist("change") if seen is not None else None
        result = compile_story(interview=interview, by=user, accepted=accepted, seen=seen)
    except StoryChanged as changed:
        messages.warning(
            request, _("The story or its excerpts changed since you opened this list. Review it again.")
        )
        return _change_list(request, interview, changed.review, picked=set(request.POST.getlist("change")))
    except Refused as refused:
        messages.error(request, str(refused))
        return _change_list(request, interview, review(interview=interview, by=user))
    messages.success(request, _message(result))
    return redirect(_edit_url(result.page))


def _message(result: CompileResult) -> str:
    number = len(result.applied)
    if result.created:
        return ngettext(
            "Draft story created with %(number)d quote. It has not been published.",
            "Draft story created with %(number)d quotes. It has not been published.",
            number,
        ) % {"number": number}
    return ngettext(
        "%(number)d change made to the draft. It has not been published.",
        "%(number)d changes made to the draft. It has not been published.",
        number,
    ) % {"number": number}


def _change_list(
    request: HttpRequest, interview: Interview, found: Review | None, picked: set[str] | None = None
) -> HttpResponse:
    """Return the page with the list. `picked`: what was ticked in a list that is out of date."""
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


def _row(page: Page, change: Change) -> ChangeRow:
    """Return `change` in words."""
    sections = {part: str(section.label) for section, part in PARTS.items()}
    where, now, then = sections.get(change.part, ""), change.now, change.then
    if change.kind == "fact":
        where = facts.label_of(page, change.key)
        now, then = facts.words_of(page, change.key, now), facts.words_of(page, change.key, then)
    elif change.kind == "move":
        now, then = sections.get(now, now), sections.get(then, then)
    reasons = [_reason_against(change)] if change.against_editor else []
    if change.kind == "update" and now == then:
        reasons.append(_("The speaker, the question or the moment changed."))
    return ChangeRow(
        change.name,
        _verb(change),
        where,
        now,
        then,
        change.against_editor,
        " ".join(reasons),
        ticked=not change.against_editor,
    )


def _verb(change: Change) -> str:
    return {
        "fact": _("Set"),
        "add": _("Add"),
        "update": _("Update"),
        "move": _("Move"),
        "remove": _("Take out"),
    }[change.kind]


def _reason_against(change: Change) -> str:
    return {
        "fact": _("An editor changed it in the story."),
        "add": _("An editor took it out of the story."),
        "update": _("An editor rewrote it in the story."),
        "move": _("An editor moved it in the story too."),
        "remove": _("An editor rewrote it in the story."),
    }[change.kind]
