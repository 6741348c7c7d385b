"""Shows in the admin that a mail about a stored form could not be sent, and sends it again."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.contrib.forms.utils import get_forms_for_user
from wagtail.models import Page

from information.mailing import deliver
from information.models import Submission
from information.models.submission import SubmissionQuerySet

# A mail server that does not answer costs ten seconds a try: one press must end before a proxy gives up.
AT_ONCE = 5


def in_trouble(user: Any) -> SubmissionQuerySet:
    """Return stored forms whose mail is stuck, on the pages whose submissions this user may read."""
    return Submission.objects.mail_in_trouble().filter(page__in=get_forms_for_user(user).values("pk"))


class StuckMailPanel(Component):
    """On the dashboard while a mail is stuck."""

    name = "stuck_form_mail"
    template_name = "information/admin/stuck_mail.html"
    order = 50

    def __init__(self, stuck: list[Submission], pages: list[Page]) -> None:
        self.stuck = stuck
        self.pages = pages

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        last = max(self.stuck, key=lambda submission: submission.mail_failed_at or submission.submit_time)
        return {
            "request": parent_context["request"],
            "csrf_token": parent_context.get("csrf_token"),
            "count": len(self.stuck),
            "pages": self.pages,
            "error": last.mail_error,
            "retry_url": reverse("information_resend"),
        }


@hooks.register("construct_homepage_panels")
def show_stuck_mail(request: HttpRequest, panels: list[Any]) -> None:
    stuck = list(in_trouble(request.user))
    if stuck:
        pages = Page.objects.filter(pk__in={submission.page_id for submission in stuck}).order_by("title")
        panels.insert(0, StuckMailPanel(stuck, list(pages)))


@require_POST
def resend(request: HttpRequest) -> HttpResponse:
    """Try the mails again that are stuck, a few at a time."""
    tried = list(in_trouble(request.user).select_related("page")[:AT_ONCE])
    sent = sum(deliver(submission) for submission in tried)
    if failed := len(tried) - sent:
        messages.error(
            request,
            ngettext(
                "%(count)d mail could still not be sent. Nothing is lost: it is stored, and the list says "
                "why.",
                "%(count)d mails could still not be sent. Nothing is lost: they are stored, and the list "
                "says why.",
                failed,
            )
            % {"count": failed},
        )
    elif sent:
        messages.success(
            request,
            ngettext("%(count)d mail was sent.", "%(count)d mails were sent.", sent) % {"count": sent},
        )
    else:
        messages.success(request, _("No mail is waiting."))
    return HttpResponseRedirect(reverse("wagtailadmin_home"))


@hooks.register("register_admin_urls")
def resend_url() -> list[URLPattern]:
    return [path("information/resend/", resend, name="information_resend")]


@hooks.register("filter_form_submissions_for_user")
def only_readers_of_messages(user: Any, editable_forms: Any) -> Any:
    """Let only users with the permission to view submissions read them; permission to edit the page is not
    enough.
    """
    return editable_forms if user.has_perm("information.view_submission") else editable_forms.none()
