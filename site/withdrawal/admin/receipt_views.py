"""Receipts in the admin: the receipt with live states, its actions, and the list of all withdrawals."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages

from audit import trail
from audit.actors import Actor
from consent.models import Republication
from withdrawal import receipt_mail, receipts, takedown
from withdrawal.admin.common import breadcrumbs, require_permission, send_receipt
from withdrawal.models import TakedownStep, Withdrawal

LISTED = 200


def _withdrawal(number: UUID) -> Withdrawal:
    found: Withdrawal = get_object_or_404(Withdrawal.objects.select_related("person"), number=number)
    return found


@require_safe
def receipt_view(request: HttpRequest, number: UUID) -> HttpResponse:
    """Show the receipt, to be read and printed.

    It reloads every few seconds until every step has succeeded.
    """
    require_permission(request, "view_withdrawal")
    withdrawal = _withdrawal(number)
    receipt = receipts.receipt(withdrawal)
    return render(
        request,
        "withdrawal/admin/receipt.html",
        {
            "withdrawal": withdrawal,
            "receipt": receipt,
            "failing": [line for line in receipt["surfaces"] if line["state"] == TakedownStep.State.FAILED],
            "republications": receipts.republications(withdrawal),
            "uses": receipts.uses_in_words(withdrawal),
            "sent": receipt_mail.sent_at(withdrawal),
            "may_act": request.user.has_perm("withdrawal.add_withdrawal"),
            "page_title": _("Consent withdrawn"),
            "breadcrumbs_items": breadcrumbs(receipt["receipt"]),
            "header_icon": "check",
        },
    )


@require_safe
def receipt_json(request: HttpRequest, number: UUID) -> JsonResponse:
    """Return the receipt as JSON."""
    require_permission(request, "view_withdrawal")
    response = JsonResponse(receipts.receipt(_withdrawal(number)))
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
def try_again(request: HttpRequest, number: UUID) -> HttpResponse:
    """Run the remaining steps now."""
    require_permission(request, "add_withdrawal")
    withdrawal = _withdrawal(number)
    if takedown.run(withdrawal.pk):
        messages.success(request, _("Everything has been removed and checked."))
    else:
        messages.error(request, _("Some copies could not be removed yet. We will keep trying automatically."))
    return _to_receipt(withdrawal)


@require_POST
def send(request: HttpRequest, number: UUID) -> HttpResponse:
    """Mail the receipt to the person."""
    require_permission(request, "add_withdrawal")
    withdrawal = _withdrawal(number)
    send_receipt(request, withdrawal)
    return _to_receipt(withdrawal)


@require_POST
def record_told(request: HttpRequest, number: UUID, pk: int) -> HttpResponse:
    """Record that the publisher of a republication has been told."""
    require_permission(request, "add_withdrawal")
    withdrawal = _withdrawal(number)
    republication = get_object_or_404(Republication, pk=pk, person=withdrawal.person_id)
    if republication.told_at is None:
        republication.told_at, republication.told_by = timezone.now(), request.user  # type: ignore[assignment]
        republication.save(update_fields=["told_at", "told_by"])
        trail.record(
            by=Actor.of(request.user),
            action="republication.told",
            thing=republication,
            person=withdrawal.person_id,
        )
    return _to_receipt(withdrawal, "#republications")


def _to_receipt(withdrawal: Withdrawal, fragment: str = "") -> HttpResponse:
    return HttpResponseRedirect(reverse("withdrawal_receipt", args=[withdrawal.number]) + fragment)


@require_safe
def withdrawals_view(request: HttpRequest) -> HttpResponse:
    """List the withdrawals: unfinished ones first, then the newest."""
    require_permission(request, "view_withdrawal")
    found = Withdrawal.objects.select_related("person").order_by("-at")[:LISTED]
    rows = sorted(found, key=lambda withdrawal: withdrawal.finished_at is not None)
    return render(
        request,
        "withdrawal/admin/withdrawals.html",
        {
            "rows": [
                (
                    withdrawal,
                    receipts.number_of(withdrawal),
                    receipts.uses_in_words(withdrawal),
                    withdrawal.get_channel_display(),
                )
                for withdrawal in rows
            ],
            "page_title": _("Withdrawals"),
            "header_icon": "cross",
        },
    )
