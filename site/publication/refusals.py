"""Tells an editor, in the admin or by mail, why publication was refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.mail import send_mail
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.utils import get_admin_base_url
from wagtail.log_actions import log
from wagtail.models import Page

from audit import trail
from audit.actors import Actor
from publication.admin_urls import checklist_url
from publication.gate import NotPublic
from publication.reasons import Reason

# The log action under which `manage.py publish_scheduled` publishes.
SCHEDULED = "wagtail.publish.scheduled"
# The log action of a refusal in the history of a page.
REFUSED = "publication.refused"


class RefusedMiddleware:
    """Turns a refused publication in the admin into a response that an editor or a program can read.

    Wagtail saves the draft before it publishes, so the editor loses no input.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, NotPublic):
            return None
        if wants_json(request):
            return JsonResponse(
                {
                    "success": False,
                    "error_code": "not_public",
                    "error_message": " ".join(reason.text for reason in exception.reasons),
                    "reasons": [reason.as_json() for reason in exception.reasons],
                },
                status=409,
            )
        show_refusal(request, exception)
        return HttpResponseRedirect(_next_url(exception.page))


def wants_json(request: HttpRequest) -> bool:
    """Return whether the client is a program or a script of the admin."""
    asked = request.headers.get("Accept", "")
    return "application/json" in asked or request.headers.get("X-Requested-With") == "XMLHttpRequest"


def show_refusal(request: HttpRequest, refusal: NotPublic) -> None:
    """Show all reasons, each with its link, on the next page of the admin."""
    messages.error(
        request,
        format_html(
            "<b>{}</b> {}{}",
            _("Not published: ‘%(page)s’.") % {"page": refusal.page.get_admin_display_title()},
            _("The page is still a draft."),
            reasons_list(refusal.reasons),
        ),
    )


def reasons_list(reasons: list[Reason]) -> SafeString:
    """Return the reasons as an HTML list, each with a link to where it can be fixed."""
    rows = [
        (format_html('{} <a href="{}">{}</a>', reason.text, reason.url, _("Fix")),)
        if reason.url
        else (reason.text,)
        for reason in reasons
    ]
    return format_html('<ul class="reasons">{}</ul>', format_html_join("", "<li>{}</li>", rows))


def _next_url(page: Page) -> str:
    """Return the address of the page's checklist; for a copy or alias that was never created, that of its
    original.
    """
    numbers = [number for number in (page.pk, page.alias_of_id) if number]
    existing = Page.objects.filter(pk__in=numbers).order_by("-pk").first()
    if existing is None:
        parent = (
            Page.objects.filter(path=page._get_basepath(page.path, page.depth - 1)).first()
            if page.path
            else None
        )
        return reverse("wagtailadmin_explore", args=[parent.pk]) if parent else reverse("wagtailadmin_home")
    return checklist_url(existing)


def fix_child_count(page: Page) -> None:
    """Correct the child count of the parent of a page that was refused while it was added to the tree."""
    if page.path and page.depth > 1:
        parent = page._get_basepath(page.path, page.depth - 1)
        children = Page.objects.filter(depth=page.depth, path__startswith=parent).count()
        Page.objects.filter(path=parent).update(numchild=children)


def notify_of(revision: Any, refusal: NotPublic) -> None:
    """Cancel a scheduled publication that was refused, log it, and mail the reasons to the editor who
    scheduled it.
    """
    revision.approved_go_live_at = None
    revision.save(update_fields=["approved_go_live_at"])
    page = Page.objects.get(pk=refusal.page.pk)
    log(
        instance=page,
        action=REFUSED,
        data={"reasons": [reason.as_json() for reason in refusal.reasons]},
        revision=revision,
    )
    trail.record(
        by=Actor.system("publish_scheduled"),
        action="publication.refused",
        thing=page,
        details={"why": sorted({reason.why.value for reason in refusal.reasons})},
    )
    user = revision.user or page.owner
    if user is not None and user.email:
        title = refusal.page.get_admin_display_title()
        lines = [
            _("‘%(page)s’ was scheduled to be published now. It was not published and is still a draft:")
            % {"page": title},
            *(f"- {reason.text}" for reason in refusal.reasons),
            (get_admin_base_url() or "") + checklist_url(page),
        ]
        send_mail(
            _("Not published: %(page)s") % {"page": title},
            "\n\n".join(lines),
            None,
            [user.email],
            fail_silently=True,
        )
