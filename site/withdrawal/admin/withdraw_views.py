"""Withdrawing in the admin: a preview, a second question, then the receipt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin import messages

from audit.actors import Actor
from consent.models import Consent, Person
from withdrawal import receipts, surfaces
from withdrawal.admin.common import breadcrumbs, require_permission, send_receipt
from withdrawal.admin.forms import WithdrawalForm
from withdrawal.models import Withdrawal
from withdrawal.services import AlreadyWithdrawn, preview, withdraw, withdraw_person
from withdrawal.surfaces.mentions import found_for


@dataclass(frozen=True)
class Subject:
    """Whose consents may be withdrawn: those not withdrawn yet.

    `whole`: every consent of the person, not a single one.
    """

    person: Person
    consents: list[Consent]
    whole: bool


def withdraw_consent_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw one consent."""
    require_permission(request, "add_withdrawal")
    consent = get_object_or_404(Consent.objects.select_related("person"), pk=pk)
    consents = [consent] if consent.withdrawn_at is None else []
    return _ask(request, Subject(consent.person, consents, whole=False))


def withdraw_person_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw every consent of a person."""
    require_permission(request, "add_withdrawal")
    person = get_object_or_404(Person, pk=pk)
    consents = person.consents.select_related("person").filter(withdrawn_at=None)
    return _ask(request, Subject(person, list(consents), whole=True))


def _ask(request: HttpRequest, subject: Subject) -> HttpResponse:
    """Show the preview, then ask again, then withdraw.

    Works without JavaScript: each is a page of its own.
    """
    form = WithdrawalForm(_submitted(request), consents=subject.consents)
    is_confirmed = request.method == "POST" and form.is_valid()
    if is_confirmed and subject.consents and "sure" in request.POST:
        return _withdraw(request, subject, form)
    return _show_preview(request, subject, form, again=is_confirmed)


def _submitted(request: HttpRequest) -> Any:
    """Return the submitted data; a GET with `scope` only counts again."""
    if request.method == "POST":
        return request.POST
    return request.GET if "scope" in request.GET else None


def _show_preview(
    request: HttpRequest, subject: Subject, form: WithdrawalForm, *, again: bool
) -> HttpResponse:
    uses = form.cleaned_data["uses"] if form.is_bound and form.is_valid() else []
    also = frozenset(request.POST.getlist("also"))
    scope = preview(person=subject.person.pk, consents=subject.consents, uses=uses, also=also)
    found = surfaces.find(scope)
    rows: list[dict[str, Any]] = [
        {"label": surface.label, "count": found[surface.name].count}
        for surface in surfaces.registered()
        if found[surface.name].count
    ]
    context = {
        "person": subject.person,
        "form": form,
        "consents": subject.consents,
        "rows": rows,
        "total": sum(row["count"] for row in rows),
        "unpublished": scope.unpublished,
        "redacted": list(scope.redacted),
        "mentions": [row for one in found_for(scope).pages for row in one.rows] if subject.consents else [],
        "again": again,
        "backups": timezone.localtime(receipts.backups_until(Withdrawal(at=scope.at))),
        "page_title": _("Withdraw consent"),
        "breadcrumbs_items": breadcrumbs(str(subject.person), _("Withdraw consent")),
        "header_icon": "cross",
    }
    return render(request, "withdrawal/admin/withdraw.html", context)


def _withdraw(request: HttpRequest, subject: Subject, form: WithdrawalForm) -> HttpResponse:
    options: dict[str, Any] = {
        "by": Actor.of(request.user),
        "channel": Withdrawal.Channel.EDITOR,
        "reason": form.full_reason,
        "uses": form.cleaned_data["uses"],
        "also": request.POST.getlist("also"),
    }
    try:
        if subject.whole:
            done = withdraw_person(person=subject.person, **options)
        else:
            done = withdraw(consent=subject.consents[0], **options)
    except AlreadyWithdrawn as error:
        messages.warning(request, str(error))
        return HttpResponseRedirect(request.path)
    if form.cleaned_data["send"] and subject.person.email:
        send_receipt(request, done)
    return HttpResponseRedirect(reverse("withdrawal_receipt", args=[done.number]))
