"""The pages behind an approval link. No account is needed, and no response may be cached or indexed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from approval import limits, mails, rendering, services
from approval.draft_files import file_of_draft
from approval.family_page import Reading, changes_since_approval, what_is_seen
from approval.models import Approval, ApprovalLink
from approval.tokens import is_proof, link_of, proof_of
from approval.versions import as_sent
from ledger import guard

logger = logging.getLogger(__name__)

Answer = Approval.Answer
View = Callable[..., HttpResponseBase]
ANSWERS = {
    "yes": Answer.APPROVED,
    "change": Answer.CHANGE,
    "no": Answer.DECLINED,
    "take-back": Answer.WITHDRAWN,
}
LANGUAGE = "language"
RETRY_AFTER = 60  # seconds


def private(view: View) -> View:
    """Decorate a view: its responses may not be cached or indexed, and links on them send no referrer."""

    @wraps(view)
    def private_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store, private"
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        for name in ("ETag", "Last-Modified"):
            if name in response.headers:
                del response.headers[name]
        return response

    return private_view


@sensitive_variables("token")
def open_link(request: HttpRequest, token: str) -> ApprovalLink | None:
    """Return the open link of this token, or None: wrong, expired and closed tokens all look the same."""
    if limits.is_limited(request, token):
        return None
    link = link_of(token)
    if link is None or not link.is_open() or link.person.erased_at:
        limits.count_failure(request, token)
        return None
    return link


@dataclass(frozen=True)
class Withdrawing:
    """What the app `withdrawal`, which lies above this one, does for a family behind a link.

    `receipt_page`: return the receipt if everything was withdrawn after the link was sent, otherwise None.
    `withdraw`: withdraw everything, after asking a second time.
    """

    receipt_page: Callable[[HttpRequest, ApprovalLink, str], HttpResponse | None]
    withdraw: Callable[[HttpRequest, ApprovalLink, str, str], HttpResponse]


@private
@sensitive_variables("token")
def answer_link(request: HttpRequest, token: str, withdrawing: Withdrawing) -> HttpResponseBase:
    """Show the draft with fields for notes and four answers, or store what the family sends.

    GET and HEAD change nothing, because mail programs open links. `withdrawal.views.read_link` gives this
    view its address.
    """
    if request.method not in {"GET", "HEAD", "POST"}:
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD, POST"})
    link = open_link(request, token)
    if link is None:
        return not_open(request, token)
    language = request.POST.get(LANGUAGE) or request.GET.get(LANGUAGE) or link.language
    if language not in dict(settings.LANGUAGES):
        language = link.language
    with translation.override(language):
        request.LANGUAGE_CODE = language
        receipt = withdrawing.receipt_page(request, link, language)
        if receipt is not None:
            return receipt
        if request.method == "POST" and not is_proof(link, request.POST.get("proof", "")):
            texts = [text for _part, text in typed_texts(request)]
            return message(request, "unsaved", link, language, status=403, texts=texts)
        if request.method == "POST":
            return receive(request, link, token, language, withdrawing)
        return draft_page(request, link, token, language)


@private
@require_safe
@sensitive_variables("token", "signed")
def file(request: HttpRequest, token: str, signed: str) -> HttpResponseBase:
    """Send a picture, clip or document of the draft."""
    link = open_link(request, token)
    name = rendering.signed_name(link, signed) if link else None
    if link is None or name is None:
        raise Http404
    with as_sent(link):
        response = file_of_draft(request, name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


# Reading ------------------------------------------------------------------------------------------


def draft_page(
    request: HttpRequest,
    link: ApprovalLink,
    token: str,
    language: str,
    *,
    status: int = 200,
    error: str = "",
    typed: str = "",
    chosen: str = "",
) -> HttpResponse:
    if not guard.is_open():
        return paused(request, link, language, error=error, texts=[typed] if typed else [])
    with as_sent(link) as page:
        if page is None:
            return message(request, "changed", link, language, status=409, typed=typed)
        reading = Reading(link=link, page=page, language=language)
        # Before rendering, which removes the redacted parts from the page.
        seen, changed, minutes = what_is_seen(page), changes_since_approval(link, page), reading.minutes
        shown = rendering.shown(link, page, request, token)
        context = {
            **frame(link, language),
            "reading": reading,
            "minutes": minutes,
            "story": shown.html,
            "seen": seen,
            "changes": changed,
            "notes": list(link.notes.all()),
            "error": error,
            "typed": typed,
            "chosen": chosen,
            "languages": [(code, _own_name(code)) for code, _name in settings.LANGUAGES],
        }
        return render(request, "approval/approval.html", context, status=status)


def _own_name(code: str) -> str:
    return str(translation.get_language_info(code)["name_local"]).capitalize()


def frame(link: ApprovalLink | None, language: str) -> dict[str, Any]:
    """Return the context that every page behind a link needs."""
    return {
        "language": language,
        "right_to_left": translation.get_language_bidi(),
        "site": mails.site_name(),
        "reply_to": mails.reply_address(link) if link else "",
        "link": link,
        "proof": proof_of(link) if link else "",
    }


def message(
    request: HttpRequest,
    name: str,
    link: ApprovalLink | None,
    language: str,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """Render one of the short pages, 'approval/<name>.html'."""
    return render(request, f"approval/{name}.html", {**frame(link, language), **more}, status=status)


def paused(
    request: HttpRequest, link: ApprovalLink | None, language: str, *, texts: list[str], error: str = ""
) -> HttpResponse:
    """Answer 503 while nothing about people is shown (`ledger.guard`): fields for a message and a withdrawal,
    without the draft. `texts`: what could not be stored.
    """
    saved = link.notes.count() if link else 0
    answer = message(request, "paused", link, language, status=503, texts=texts, error=error, saved=saved)
    answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer


def not_open(request: HttpRequest, token: str) -> HttpResponse:
    """Answer 404, the same for every link that is not open.

    Show what was typed; store it if the link exists. While the database may be an older one, which does not
    know the newest links yet, say that instead.
    """
    texts = typed_texts(request)
    if texts and (link := link_of(token)) and not limits.is_limited(request, token):
        services.keep_notes(link=link, notes=[(f"late:{part}", text) for part, text in texts])
    language = str(translation.get_language() or settings.LANGUAGE_CODE)
    shown = [text for _part, text in texts]
    if not guard.is_open():
        return paused(request, None, language, texts=shown)
    return message(request, "closed", None, language, status=404, texts=shown)


# Receiving ----------------------------------------------------------------------------------------


def typed_texts(request: HttpRequest) -> list[tuple[str, str]]:
    """Return everything that was typed on the page, as (part, text): notes on passages, and the message of an
    answer."""
    if request.method != "POST":
        return []
    return [
        (name.removeprefix("note:"), str(text).strip())
        for name, text in request.POST.items()
        if (name.startswith("note:") or name == "message") and str(text).strip()
    ]


def receive(
    request: HttpRequest, link: ApprovalLink, token: str, language: str, withdrawing: Withdrawing
) -> HttpResponse:
    """Store all notes first, whichever button was pressed; then do what the button says."""
    notes = [(part, text) for part, text in typed_texts(request) if part != "message"]
    text = request.POST.get("message", "").strip()
    try:
        services.keep_notes(link=link, notes=notes)
        if not limits.may_send(token):
            raise services.ApprovalError(
                _("Too many messages were sent in a short time. Please wait ten minutes.")
            )
        return _answer(request, link, token, language, text=text, withdrawing=withdrawing)
    except services.ApprovalError as error:
        return draft_page(request, link, token, language, status=409, error=str(error), typed=text)
    except DatabaseError:
        logger.exception("A family's answer could not be stored. It was shown back to them.")
        texts = [typed for _part, typed in typed_texts(request)]
        return message(request, "unsaved", None, language, status=503, texts=texts)


def _answer(
    request: HttpRequest,
    link: ApprovalLink,
    token: str,
    language: str,
    *,
    text: str,
    withdrawing: Withdrawing,
) -> HttpResponse:
    pressed = request.POST.get("do", "note")
    if pressed.startswith("back:") and pressed.removeprefix("back:").isdigit():
        services.delete_note(link=link, note_id=int(pressed.removeprefix("back:")))
        return _redirect(token, language, link, "")
    if pressed not in ANSWERS:
        part = pressed.removeprefix("note:")
        return _redirect(token, language, link, rendering.anchor(part) if pressed.startswith("note:") else "")
    if pressed == "take-back":  # whatever became of the text meanwhile
        return withdrawing.withdraw(request, link, language, text)
    with as_sent(link) as page:
        changed = page is None
    if changed:
        services.keep_notes(link=link, notes=[("late:message", text)])
        return message(request, "changed", link, language, status=409, typed=text)
    if pressed == "yes" and not request.POST.get("read"):
        error = _("Please tick first that you have read it to the end.")
        return draft_page(request, link, token, language, status=422, error=error, typed=text, chosen="yes")
    services.answer(link=link, answer=ANSWERS[pressed], message=text)
    return message(request, "done", link, language, answer=pressed)


def _redirect(token: str, language: str, link: ApprovalLink, anchor: str) -> HttpResponse:
    address = reverse("approval_link", args=[token])
    if language != link.language:
        address += f"?{LANGUAGE}={language}"
    return HttpResponseRedirect(f"{address}#{anchor}" if anchor else address)
