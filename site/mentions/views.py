"""The screens on which an officer decides about passages that a withdrawal found without being sure, and on
which an editor decides about a name that may be that of someone who withdrew.
"""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.models import Page

from audit.actors import Actor
from consent.models import Person
from mentions import names_again, undecided
from mentions.summary import summary
from publication.admin_urls import checklist_url, edit_url
from publication.drafts import draft_of
from uploads.errors import EditorError


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decide_view(request: HttpRequest, number: UUID) -> HttpResponse:
    """Show the passages of one withdrawal, and take one decision at a time."""
    if not request.user.has_perm("withdrawal.add_withdrawal"):
        raise PermissionDenied
    if request.method == "POST":
        _decide(request, number)
        return HttpResponseRedirect(request.path)
    rows = undecided.listed(number)
    if not rows:
        raise Http404
    erased = Person.objects.filter(pk=rows[0].row.person_number, erased_at__isnull=False).exists()
    receipt = reverse("withdrawal_receipt", args=[number])
    return render(
        request,
        "mentions/admin/decide.html",
        {
            "rows": rows,
            "summary": summary(number),
            "is_erased": erased,
            "receipt_url": receipt,
            "page_title": _("Passages to decide about"),
            "breadcrumbs_items": [
                {"url": reverse("wagtailadmin_home"), "label": _("Home")},
                {"url": reverse("withdrawals"), "label": _("Withdrawals")},
                {"url": receipt, "label": _("Receipt")},
                {"url": "", "label": _("Passages to decide about")},
            ],
            "header_icon": "help",
        },
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def name_view(request: HttpRequest, page_id: int, mark: str) -> HttpResponse:
    """Ask an editor whether a name on a page means someone else than a person who withdrew."""
    page = get_object_or_404(Page, pk=page_id).specific
    if not page.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    open_ones = {reason.url: reason.text for reason in names_again.rule(draft_of(page), timezone.now())}
    text = open_ones.get(request.path)
    if text is None:
        messages.success(request, _("Nothing is left to decide about these words."))
        return HttpResponseRedirect(checklist_url(page))
    if request.method == "POST":
        try:
            reason = request.POST.get("reason", "")
            names_again.decide(page=page, mark=int(mark), reason=reason, by=Actor.of(request.user))
        except EditorError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Recorded: it means someone else."))
            return HttpResponseRedirect(checklist_url(page))
    return render(
        request,
        "mentions/admin/name.html",
        {
            "text": text,
            "edit_url": edit_url(page),
            "page_title": _("A name that was withdrawn"),
            "breadcrumbs_items": [
                {"url": reverse("wagtailadmin_home"), "label": _("Home")},
                {"url": checklist_url(page), "label": page.get_admin_display_title()},
                {"url": "", "label": _("A name that was withdrawn")},
            ],
            "header_icon": "help",
        },
    )


def _decide(request: HttpRequest, number: UUID) -> None:
    by = Actor.of(request.user)
    if "others" in request.POST:
        count = undecided.decide_all_other(withdrawal=number, by=by)
        text = ngettext("Decided about %(n)d passage.", "Decided about %(n)d passages.", count)
        messages.success(request, text % {"n": count})
        return
    is_person = request.POST.get("decision") == "remove"
    try:
        undecided.decide(
            withdrawal=number, key_hash=request.POST.get("passage", ""), is_person=is_person, by=by
        )
    except undecided.NotDecided as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request,
            _("The passage is removed.") if is_person else _("Recorded: about someone else. It stays."),
        )
