"""The checklist of one page in the admin: its screen, the actions for the family's approval, and
publishing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe
from wagtail.models import Page

from approval import services
from approval.models import Approval, ApprovalLink, ApprovalNote
from approval.notes import notes_on
from attribution.pages import NamesPeople
from audit.actors import Actor
from consent.models import Person
from deidentification.services import (
    ask_recognition,
    confirm_document,
    keep_identifier,
    reopen_document,
    reopen_identifier,
)
from media.models import Document
from publication.checklist import checklist
from publication.drafts import draft_of
from publication.mixins import AboutPerson


def page_for(request: HttpRequest, page_id: int) -> Any:
    """Return the page, if it has a checklist and this editor may change it.

    Raises Http404, PermissionDenied.
    """
    page: Any = get_object_or_404(Page, pk=page_id).specific
    if not issubclass(type(page), NamesPeople):
        raise Http404
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return page


@never_cache
@require_safe
def show(request: HttpRequest, page_id: int, *, made: str = "", status: int = 200) -> HttpResponse:
    """Show the whole checklist.

    `made`: the address of a link that was just made; it is shown only this once.
    """
    page = page_for(request, page_id)
    draft = draft_of(page)
    listed = checklist(draft)
    is_about_person = isinstance(page, AboutPerson)
    needs = draft.consent_requirements() if is_about_person else ()
    people = Person.objects.filter(pk__in={need.person for need in needs if need.person})
    rights = page.permissions_for_user(request.user)
    context = {
        "page": page,
        "page_title": _("Publication checklist"),
        "page_subtitle": page.get_admin_display_title(),
        "header_icon": "clipboard-list",
        "checklist": listed,
        "is_about_person": is_about_person,
        "people": people.order_by("pk"),
        "links": ApprovalLink.objects.filter(page=page.pk).select_related("person", "created_by")[:20],
        "answers": Approval.objects.filter(page=page.pk).select_related("person")[:20],
        "notes": notes_on(page),
        "languages": settings.LANGUAGES,
        "days": services.DAYS,
        "made": made,
        "may_publish": rights.can_publish(),
        "may_ask": may_ask(request),
        "may_override": request.user.has_perm("approval.override_approval"),
        "recordable": [
            (answer.value, answer.label) for answer in Approval.Answer if answer != Approval.Answer.WITHDRAWN
        ],
    }
    return render(request, "approval/admin/checklist.html", context, status=status)


@never_cache
@require_safe
def as_json(request: HttpRequest, page_id: int) -> JsonResponse:
    """Return the same lines as JSON: {"page", "may_be_published", "lines": [{group, state, code, title, why,
    url}]}."""
    return JsonResponse(checklist(draft_of(page_for(request, page_id))).as_json())


@never_cache
@require_POST
@sensitive_variables("url", "made")
def act(request: HttpRequest, page_id: int) -> HttpResponse:
    """Run the action of a button, named by the field `do`, then show the checklist again."""
    page = page_for(request, page_id)
    name = request.POST.get("do", "")
    # No family approves a page that is not about a person, and no identifiers are searched for on it.
    do = _ACTIONS.get(name) if isinstance(page, AboutPerson) or name == "publish" else None
    if do is None:
        raise Http404
    try:
        made = do(request, page)
    except ValueError as error:
        messages.error(request, str(error))
        made = ""
    if made:
        # Rendered, not redirected: the address must not be in a browser history, a session or a log.
        request.method = "GET"
        return show(request, page_id, made=made)
    return HttpResponseRedirect(_back(request, page_id))


def _back(request: HttpRequest, page_id: int) -> str:
    if request.POST.get("next") == "editor":
        return reverse("wagtailadmin_pages:edit", args=[page_id])
    return reverse("publication_checklist", args=[page_id])


def _actor(request: HttpRequest) -> Actor:
    return Actor.of(request.user)


def _person(request: HttpRequest) -> Person:
    return get_object_or_404(Person, pk=request.POST.get("person") or 0)


def may_ask(request: HttpRequest) -> bool:
    """Return True if this user works with families: a tagger, for example, may not send links or record
    answers."""
    return bool(request.user.has_perm("approval.add_approvallink"))


def _require_may_ask(request: HttpRequest) -> None:
    if not may_ask(request):
        raise PermissionDenied


def _send(request: HttpRequest, page: Page) -> str:
    _require_may_ask(request)
    person, days = _person(request), request.POST.get("days", "")
    _link, url = services.send_for_approval(
        page=page,
        person=person,
        by=_actor(request),
        language=request.POST.get("language", ""),
        days=int(days) if days.isdigit() else services.DAYS,
        base_url=request.build_absolute_uri("/"),
    )
    return url


def _revoke(request: HttpRequest, page: Page) -> str:
    _require_may_ask(request)
    link = get_object_or_404(ApprovalLink, pk=request.POST.get("link") or 0, page=page.pk)
    services.revoke(link=link, by=_actor(request), reason="by an editor")
    messages.success(request, _("The link has been closed."))
    return ""


def _settle(request: HttpRequest, page: Page) -> str:
    note = get_object_or_404(ApprovalNote, pk=request.POST.get("note") or 0, link__page=page.pk)
    services.settle(note=note, by=_actor(request))
    messages.success(request, _("The note is marked as answered."))
    return ""


def _record(request: HttpRequest, page: Page) -> str:
    _require_may_ask(request)
    answer = request.POST.get("answer", "")
    if answer not in {Approval.Answer.APPROVED, Approval.Answer.CHANGE, Approval.Answer.DECLINED}:
        raise services.ApprovalError(_("Choose an answer."))
    services.record_answer(
        page=page,
        person=_person(request),
        answer=Approval.Answer(answer),
        by=_actor(request),
        message=request.POST.get("message", ""),
    )
    messages.success(request, _("The answer has been recorded."))
    return ""


def _override(request: HttpRequest, page: Page) -> str:
    services.override(page=page, by=_actor(request), reason=request.POST.get("reason", ""))
    messages.success(request, _("This version may be published without the family’s approval."))
    return ""


def _keep(request: HttpRequest, page: Page) -> str:
    keep_identifier(
        page=draft_of(page),
        kind=request.POST.get("kind", "")[:10],
        text=request.POST.get("text", ""),
        reason=request.POST.get("reason", ""),
        by=_actor(request),
    )
    messages.success(request, _("The words are kept, with your reason."))
    return ""


def _reopen(request: HttpRequest, page: Page) -> str:
    reopen_identifier(
        page=draft_of(page),
        kind=request.POST.get("kind", ""),
        text=request.POST.get("text", ""),
        by=_actor(request),
    )
    return ""


def _confirm(request: HttpRequest, page: Page) -> str:
    """Note that this user, who may publish the page, has read a document that could not be searched."""
    document = _document(request, page)
    confirm_document(
        document=document, content_hash=request.POST.get("hash", ""), page=draft_of(page), by=_actor(request)
    )
    messages.success(request, _("It is noted that you have read “%(title)s”.") % {"title": document.title})
    return ""


def _recognise(request: HttpRequest, page: Page) -> str:
    """Have tesseract read a scanned document, for the search."""
    document = _document(request, page)
    ask_recognition(
        document=document, content_hash=request.POST.get("hash", ""), page=draft_of(page), by=_actor(request)
    )
    messages.success(
        request, _("tesseract reads “%(title)s” now. This takes a minute.") % {"title": document.title}
    )
    return ""


def _read_again(request: HttpRequest, page: Page) -> str:
    reopen_document(document=_document(request, page), page=draft_of(page), by=_actor(request))
    return ""


def _document(request: HttpRequest, page: Page) -> Document:
    if not page.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    return get_object_or_404(Document, pk=request.POST.get("document") or 0)


def _publish(request: HttpRequest, page: Page) -> str:
    if not page.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    stopping = checklist(draft_of(page)).stopping
    if stopping:
        raise services.ApprovalError(
            _("This page cannot be published yet. First: %(what)s") % {"what": stopping[0].title}
        )
    revision = page.get_latest_revision() or page.save_revision(user=request.user)
    try:
        revision.publish(user=request.user)
    except (
        ValidationError
    ) as error:  # for example the gate's NotPublic, if something changed after the checklist was made
        raise services.ApprovalError(" ".join(error.messages)) from error
    messages.success(
        request, _("“%(title)s” has been published.") % {"title": page.get_admin_display_title()}
    )
    return ""


_ACTIONS: dict[str, Callable[[HttpRequest, Any], str]] = {
    "send": _send,
    "revoke": _revoke,
    "settle": _settle,
    "record": _record,
    "override": _override,
    "keep": _keep,
    "reopen": _reopen,
    "confirm": _confirm,
    "recognise": _recognise,
    "read_again": _read_again,
    "publish": _publish,
}
