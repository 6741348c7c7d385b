"""Withdrawals in the admin: what would come down, asked twice, the receipt with live states, and all of them as a list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from audit import trail
from audit.actors import Actor
from consent.models import Consent, Person, Republication
from consent.uses import Use
from withdrawal import receipt_mail, receipts, surfaces, takedown
from withdrawal.models import TakedownStep, Withdrawal
from withdrawal.services import AlreadyWithdrawn, preview, withdraw, withdraw_person

LISTED = 200
HOW = [
    ("telephone", gettext_lazy("By telephone")),
    ("letter", gettext_lazy("By letter or e-mail")),
    ("person", gettext_lazy("In person")),
]


class WithdrawalForm(forms.Form):
    """What was asked for. `sure` is set by the second of two questions alone."""

    scope = forms.ChoiceField(
        label=gettext_lazy("What is withdrawn?"),
        choices=[
            ("all", gettext_lazy("Everything")),
            ("some", gettext_lazy("Only what is ticked here")),
        ],
        initial="all",
        widget=forms.RadioSelect,
    )
    uses = forms.MultipleChoiceField(
        label=gettext_lazy("Only these uses"), required=False, widget=forms.CheckboxSelectMultiple
    )
    how = forms.ChoiceField(label=gettext_lazy("How did they tell us?"), choices=HOW)
    reason = forms.CharField(
        label=gettext_lazy("Reason, if they gave one"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("Nobody needs a reason."),
    )
    send = forms.BooleanField(label=gettext_lazy("Send them the receipt"), required=False, initial=True)

    def __init__(self, *args: Any, consents: list[Consent], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = {use for consent in consents for use in consent.uses}
        self.fields["uses"].choices = [(use.value, use.label) for use in Use if use in given]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("scope") == "some" and not data.get("uses"):
            self.add_error("uses", _("Tick what is withdrawn, or choose ‘Everything’."))
        if data.get("scope") == "all":
            data["uses"] = []
        return data


def _asked(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(f"withdrawal.{permission}"):
        raise PermissionDenied


def withdraw_consent_view(request: HttpRequest, pk: int) -> HttpResponse:
    """One consent."""
    _asked(request, "add_withdrawal")
    consent = get_object_or_404(Consent.objects.select_related("person"), pk=pk)
    return _ask(request, consent.person, [consent], whole=False)


def withdraw_person_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Every consent of a person."""
    _asked(request, "add_withdrawal")
    person = get_object_or_404(Person, pk=pk)
    return _ask(request, person, list(person.consents.select_related("person")), whole=True)


def _ask(request: HttpRequest, person: Person, consents: list[Consent], *, whole: bool) -> HttpResponse:
    """Preview, then the question again, then the receipt. Works without JavaScript: each is a page of its own."""
    held = [consent for consent in consents if consent.withdrawn_at is None]
    form = WithdrawalForm(
        request.POST if request.method == "POST" else request.GET if "scope" in request.GET else None,
        consents=held,
    )
    chosen = form.is_valid() if form.is_bound else False
    uses = form.cleaned_data["uses"] if chosen else []
    if request.method == "POST" and chosen and held and "sure" in request.POST:
        return _do(request, person, held, uses, form.cleaned_data, whole=whole)
    scope = preview(person=person.pk, consents=held, uses=uses)
    found = surfaces.find(scope)
    rows = [
        {"label": surface.label, "count": found[surface.name].count}
        for surface in surfaces.registered()
        if found[surface.name].count
    ]
    return render(
        request,
        "withdrawal/admin/withdraw.html",
        {
            "person": person,
            "form": form,
            "held": held,
            "rows": rows,
            "total": sum(row["count"] for row in rows),
            "down": scope.unpublished,
            "narrowed": list(scope.redacted),
            "again": request.method == "POST" and chosen,
            "backups": timezone.localtime(receipts.backups_until(Withdrawal(at=scope.at))),
            "page_title": _("Withdraw consent"),
            "breadcrumbs_items": _way(person, _("Withdraw consent")),
            "header_icon": "cross",
        },
    )


def _do(
    request: HttpRequest,
    person: Person,
    held: list[Consent],
    uses: list[str],
    data: dict[str, Any],
    *,
    whole: bool,
) -> HttpResponse:
    how = str(dict(HOW)[data["how"]])
    options: dict[str, Any] = {
        "by": Actor.of(request.user),
        "channel": Withdrawal.Channel.EDITOR,
        "reason": f"{how}. {data['reason']}".strip(),
        "uses": uses,
    }
    try:
        if whole:
            done = withdraw_person(person=person, **options)
        else:
            done = withdraw(consent=held[0], **options)
    except AlreadyWithdrawn as error:
        messages.warning(request, str(error))
        return HttpResponseRedirect(request.path)
    if data["send"] and person.email:
        _send(request, done)
    return HttpResponseRedirect(reverse("withdrawal_receipt", args=[done.number]))


def _way(person: Person | None, last: str) -> list[dict[str, str]]:
    way = [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": reverse("withdrawals"), "label": _("Withdrawals")},
    ]
    if person is not None:
        way.append({"url": "", "label": str(person)})
    return [*way, {"url": "", "label": last}]


# The receipt --------------------------------------------------------------------------------------------------


def _withdrawal(number: Any) -> Withdrawal:
    found: Withdrawal = get_object_or_404(Withdrawal.objects.select_related("person"), number=number)
    return found


@require_safe
def receipt_view(request: HttpRequest, number: Any) -> HttpResponse:
    """The receipt, to be read and printed. While something is not down it is loaded anew every few seconds."""
    _asked(request, "view_withdrawal")
    withdrawal = _withdrawal(number)
    receipt = receipts.receipt(withdrawal)
    return render(
        request,
        "withdrawal/admin/receipt.html",
        {
            "withdrawal": withdrawal,
            "receipt": receipt,
            "failing": [line for line in receipt["surfaces"] if line["state"] == TakedownStep.State.FAILED],
            "places": receipts.republications(withdrawal),
            "uses": receipts.uses_in_words(withdrawal),
            "sent": receipt_mail.sent_at(withdrawal),
            "may_act": request.user.has_perm("withdrawal.add_withdrawal"),
            "page_title": _("Consent withdrawn"),
            "breadcrumbs_items": _way(None, receipt["receipt"]),
            "header_icon": "check",
        },
    )


@require_safe
def receipt_json(request: HttpRequest, number: Any) -> JsonResponse:
    _asked(request, "view_withdrawal")
    answer = JsonResponse(receipts.receipt(_withdrawal(number)))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_POST
def try_again(request: HttpRequest, number: Any) -> HttpResponse:
    _asked(request, "add_withdrawal")
    withdrawal = _withdrawal(number)
    if takedown.run(withdrawal.pk):
        messages.success(request, _("Everything is down, and checked."))
    else:
        messages.error(request, _("Not everything is down yet. It is tried again by itself."))
    return HttpResponseRedirect(reverse("withdrawal_receipt", args=[withdrawal.number]))


@require_POST
def send(request: HttpRequest, number: Any) -> HttpResponse:
    _asked(request, "add_withdrawal")
    withdrawal = _withdrawal(number)
    _send(request, withdrawal)
    return HttpResponseRedirect(reverse("withdrawal_receipt", args=[withdrawal.number]))


def _send(request: HttpRequest, withdrawal: Withdrawal) -> None:
    if not withdrawal.person.email:
        messages.error(request, _("No e-mail address is known: print the receipt."))
        return
    try:
        receipt_mail.send(withdrawal=withdrawal, by=Actor.of(request.user))
    except OSError as error:
        messages.error(request, _("The receipt could not be mailed: %(error)s") % {"error": error})
    else:
        messages.success(request, _("The receipt was mailed."))


@require_POST
def told(request: HttpRequest, number: Any, pk: int) -> HttpResponse:
    """Somebody told a place that took the story up."""
    _asked(request, "add_withdrawal")
    withdrawal = _withdrawal(number)
    place = Republication.objects.filter(pk=pk, person=withdrawal.person_id).first()
    if place is None:
        raise Http404
    if place.told_at is None:
        place.told_at, place.told_by = timezone.now(), request.user  # type: ignore[assignment]
        place.save(update_fields=["told_at", "told_by"])
        trail.record(
            by=Actor.of(request.user), action="republication.told", thing=place, person=withdrawal.person_id
        )
    return HttpResponseRedirect(reverse("withdrawal_receipt", args=[withdrawal.number]) + "#places")


@require_safe
def withdrawals_view(request: HttpRequest) -> HttpResponse:
    """Those that are not finished first, then the newest."""
    _asked(request, "view_withdrawal")
    found = Withdrawal.objects.select_related("person").order_by("-at")[:LISTED]
    rows = sorted(found, key=lambda one: one.finished_at is not None)
    return render(
        request,
        "withdrawal/admin/withdrawals.html",
        {
            "rows": [
                (one, receipts.number_of(one), receipts.uses_in_words(one), one.get_channel_display())
                for one in rows
            ],
            "page_title": _("Withdrawals"),
            "header_icon": "cross",
        },
    )


def urls() -> list[URLPattern]:
    return [
        path("withdrawals/", withdrawals_view, name="withdrawals"),
        path("withdrawals/consent/<int:pk>/", withdraw_consent_view, name="withdraw_consent"),
        path("withdrawals/person/<int:pk>/", withdraw_person_view, name="withdraw_person"),
        path("withdrawals/<uuid:number>/", receipt_view, name="withdrawal_receipt"),
        path("withdrawals/<uuid:number>/receipt.json", receipt_json, name="withdrawal_receipt_json"),
        path("withdrawals/<uuid:number>/try/", try_again, name="withdrawal_receipt_try"),
        path("withdrawals/<uuid:number>/send/", send, name="withdrawal_receipt_send"),
        path("withdrawals/<uuid:number>/told/<int:pk>/", told, name="withdrawal_receipt_told"),
    ]


class WithdrawalsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("withdrawal.view_withdrawal"))


# The dashboard ------------------------------------------------------------------------------------------------


class UnfinishedPanel(Component):
    """Red, on top of the dashboard, as long as something that was to come down is not confirmed to be down."""

    name = "unfinished_withdrawals"
    template_name = "withdrawal/admin/unfinished.html"
    order = 10

    def __init__(self, withdrawals: list[Withdrawal]) -> None:
        self.withdrawals = withdrawals

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        failing = TakedownStep.objects.filter(withdrawal__in=self.withdrawals).exclude(
            state=TakedownStep.State.DONE
        )
        return {
            "heading": ngettext(
                "A withdrawal is not down everywhere",
                "%(n)s withdrawals are not down everywhere",
                len(self.withdrawals),
            )
            % {"n": len(self.withdrawals)},
            "rows": [
                (
                    receipts.number_of(one),
                    reverse("withdrawal_receipt", args=[one.number]),
                    [receipts.label_of(step.surface) for step in failing if step.withdrawal_id == one.pk],
                )
                for one in self.withdrawals
            ],
        }


def tell_of_unfinished(request: HttpRequest, panels: list[Any]) -> None:
    """For everybody who works here: whoever sees it first can tell a consent officer."""
    unfinished = list(
        Withdrawal.objects.filter(finished_at__isnull=True, steps__state="failed").distinct()[:20]
    )
    if unfinished:
        panels.insert(0, UnfinishedPanel(unfinished))
