"""The screen on which an officer decides about the passages that a withdrawal found without being sure."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from audit.actors import Actor
from consent.models import Person
from mentions import undecided
from mentions.summary import summary


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
