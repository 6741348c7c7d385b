"""The family's link: the draft and its answers (`approval.views`), and from here the withdrawal of
everything."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from approval.models import ApprovalLink
from approval.views import Withdrawing, answer_link, message
from withdrawal import by_link
from withdrawal.models import Withdrawal
from withdrawal.receipts import receipt


@csrf_exempt  # guarded by `approval.tokens.proof_of` instead, which says why
def read_link(request: HttpRequest, token: str) -> HttpResponseBase:
    """Answer at the address of an approval link."""
    return answer_link(request, token, Withdrawing(receipt_page, withdraw))


def receipt_page(request: HttpRequest, link: ApprovalLink, language: str) -> HttpResponse | None:
    """Return the receipt as long as the link works, or None if nothing has been withdrawn since it was
    sent."""
    withdrawal = by_link.withdrawn_since(link)
    return _receipt(request, link, language, withdrawal) if withdrawal else None


def withdraw(request: HttpRequest, link: ApprovalLink, language: str, text: str) -> HttpResponse:
    """Ask a second time; then withdraw everything. The page that answers is the receipt."""
    erase = bool(request.POST.get("erase"))
    if not request.POST.get("sure"):
        return message(request, "sure", link, language, typed=text, erase=erase)
    withdrawal = by_link.withdraw_everything(link=link, message=text, erase=erase)
    return _receipt(request, link, language, withdrawal, erase=erase)


def _receipt(
    request: HttpRequest,
    link: ApprovalLink,
    language: str,
    withdrawal: Withdrawal | None,
    *,
    erase: bool = False,
) -> HttpResponse:
    written = receipt(withdrawal) if withdrawal else None
    return message(request, "done", link, language, answer="take-back", receipt=written, erase=erase)
