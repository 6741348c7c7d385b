"""The screens on which an officer decides about passages that a withdrawal found without being sure, and on
which an editor decides about a name that may be that of someone who withdrew.
"""

from __future__ import annotations

from dataclasses import dataclass
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
from mentions import name_decisions, names_again, naming, terms, undecided
from mentions.summary import summary
from publication.admin_urls import checklist_url, edit_url
from publication.drafts import draft_of
from publication.mixins import AboutPerson
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
    """Ask an editor who may publish a page whom a name on it means: a person on record, or someone else."""
    page = get_object_or_404(Page, pk=page_id).specific
    if not page.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    asked = _asked_about(page, request.path, mark)
    if asked is None:
        messages.success(request, _("Nothing is left to decide about these words."))
        return HttpResponseRedirect(checklist_url(page))
    if request.method == "POST":
        try:
            person = _person_chosen(request, asked)
            name_decisions.decide(
                page=page,
                mark=int(mark),
                person=person,
                reason=request.POST.get("reason", ""),
                by=Actor.of(request.user),
            )
        except EditorError as error:
            messages.error(request, str(error))
        else:
            naming.link(draft_of(page))
            said = _("Recorded: it means this person.") if person else _("Recorded: it means someone else.")
            messages.success(request, said)
            return HttpResponseRedirect(checklist_url(page))
    return render(
        request,
        "mentions/admin/name.html",
        {
            "asked": asked,
            "chosen": request.POST.get("person", ""),
            "reason": request.POST.get("reason", ""),
            "edit_url": edit_url(page),
            "page_title": asked.title,
            "breadcrumbs_items": [
                {"url": reverse("wagtailadmin_home"), "label": _("Home")},
                {"url": checklist_url(page), "label": page.get_admin_display_title()},
                {"url": "", "label": asked.title},
            ],
            "header_icon": "help",
        },
    )


@dataclass(frozen=True)
class Asked:
    """What an editor decides. `people`: who may be meant, and the titles of their pages; `around`: the words
    around the name.
    """

    text: str
    title: str
    people: tuple[tuple[Person, list[str]], ...] = ()
    around: str = ""


def _asked_about(page: Page, path: str, mark: str) -> Asked | None:
    """Return what is asked about a name on a page, None where it is decided or not there any more."""
    draft = draft_of(page)
    for reason in names_again.rule(draft, timezone.now()):
        if reason.url == path:
            return Asked(reason.text, _("A name that was withdrawn"))
    if not isinstance(draft, AboutPerson):
        for question in naming.open_questions(draft):
            if str(question.name.mark) == mark:
                people = tuple(
                    (one, [page.title for page in terms.pages_about(one.pk)]) for one in question.people
                )
                return Asked(question.text, _("Whom does this name mean?"), people, question.name.around)
    return None


def _person_chosen(request: HttpRequest, asked: Asked) -> int | None:
    """Return the number of the person who is meant, None for someone else. Raises EditorError."""
    if not asked.people:
        return None
    chosen = request.POST.get("person", "")
    if chosen == "other":
        return None
    found = next((one.pk for one, _titles in asked.people if str(one.pk) == chosen), None)
    if found is None:
        raise EditorError(_("Choose who is meant, or someone else."))
    return found


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
