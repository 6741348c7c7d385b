"""The changes that wait, in the admin: the list, one change with what it says and why it waits, and what to
do.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import FileField
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from wagtail.models import Page

from audit import trail
from audit.actors import Actor
from shared_changes import services
from shared_changes.models import HeldChange
from shared_changes.operations import ADD, DELETE, Operation
from shared_changes.registry import watched_fields
from shared_changes.usage import form_url, usage_of
from uploads.errors import EditorError

# Types that a browser shows beside the change; everything else is saved to look at it.
SHOWN_TYPES = ("image/", "video/", "audio/", "text/vtt")
MOST = 200


@dataclass(frozen=True)
class Difference:
    """One field of a change. `file`: the place of the new file among the files of the change, None for
    words.
    """

    label: str
    before: str
    after: str
    file: int | None = None
    is_picture: bool = False


def differences(change: HeldChange) -> Iterator[Difference]:
    """Yield what a change writes, beside what visitors see now."""
    files = [name for _storage, name in change.files()]
    for step in change.steps:
        model = step.model_class
        if step.do == DELETE:
            yield Difference(str(model._meta.verbose_name), _name_of(step), _("removed"))
            continue
        now = model._base_manager.filter(pk=step.number).first()
        for column in model._meta.concrete_fields:
            if column.name not in step.values or column.name not in watched_fields(model):
                continue
            value = step.values[column.name]
            if column.name == "stored_cues" or (step.do == ADD and value in ("", None)):
                continue
            label = str(column.verbose_name)
            if step.do == ADD:
                label = f"{model._meta.verbose_name}: {label}"
            before = str(column.value_from_object(now) or "") if now is not None else ""
            if isinstance(column, FileField):
                yield _file(label, before, str(value), files)
            else:
                yield Difference(f"{label[:1].upper()}{label[1:]}", before, str(value))


def _file(label: str, before: str, name: str, files: list[str]) -> Difference:
    number = files.index(name) if name in files else None
    kind = mimetypes.guess_type(name)[0] or ""
    return Difference(
        f"{label[:1].upper()}{label[1:]}",
        _("the present file") if before else "",
        _("a new file") if name else _("none"),
        number,
        kind.startswith("image/"),
    )


def _name_of(step: Operation) -> str:
    row = step.model_class._base_manager.filter(pk=step.number).first()
    return str(row) if row is not None else ""


def change_for(request: HttpRequest, number: int) -> HeldChange:
    """Return a change that this user may see: their own, or one that they may decide about. Else 404."""
    change = get_object_or_404(HeldChange, pk=number)
    if not _may_see(request.user, change):
        raise Http404
    return change


def _may_see(user: Any, change: HeldChange) -> bool:
    return change.proposed_by_id == user.pk or (
        change.thing is not None and services.may_decide(user, change)
    )


@never_cache
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """List the changes that wait, each with its reasons."""
    waiting = HeldChange.objects.filter(state=HeldChange.State.WAITING).select_related("content_type")[:MOST]
    changes = [change for change in waiting if _may_see(request.user, change)]
    context = {
        "page_title": _("Waiting changes"),
        "header_icon": "history",
        "changes": [(change, services.may_decide(request.user, change)) for change in changes],
    }
    return render(request, "shared_changes/list.html", context)


@never_cache
@require_safe
def show(request: HttpRequest, number: int) -> HttpResponse:
    """Show one change: what visitors see now, what they would see, where, and why it waits."""
    change = change_for(request, number)
    thing = change.thing
    may_decide = thing is not None and services.may_decide(request.user, change)
    context = {
        "page_title": _("Waiting change"),
        "page_subtitle": change.name,
        "header_icon": "history",
        "change": change,
        "differences": list(differences(change)),
        "usage": usage_of(thing) if thing is not None else None,
        "form_url": form_url(thing) if thing is not None else "",
        "may_decide": may_decide,
        "may_drop": may_decide or change.proposed_by_id == request.user.pk,
        "is_waiting": change.state == HeldChange.State.WAITING,
        "waits_for_family": services.waits_for_family(change),
    }
    return render(request, "shared_changes/change.html", context)


@never_cache
@require_safe
def file(request: HttpRequest, number: int, place: int) -> FileResponse:
    """Send a new file of a change that waits to someone who may see the change."""
    change = change_for(request, number)
    files = list(change.files())
    if place >= len(files) or change.state != HeldChange.State.WAITING:
        raise Http404
    storage, name = files[place]
    if not storage.exists(name):
        raise Http404
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    shown = kind.startswith(SHOWN_TYPES)
    trail.record(by=Actor.of(request.user), action="shared_change.read_file", thing=change)
    response = FileResponse(storage.open(name), as_attachment=not shown, content_type=kind)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@never_cache
@require_POST
def act(request: HttpRequest, number: int) -> HttpResponse:
    """Do what a button says: release, drop, judge again, or keep words with a reason."""
    change = change_for(request, number)
    do = _ACTIONS.get(request.POST.get("do", ""))
    if do is None:
        return HttpResponseRedirect(reverse("shared_change", args=[number]))
    try:
        messages.success(request, do(request, change))
    except EditorError as error:
        messages.error(request, str(error))
    change.refresh_from_db()
    if change.state == HeldChange.State.WAITING:
        return HttpResponseRedirect(reverse("shared_change", args=[number]))
    return HttpResponseRedirect(reverse("shared_changes"))


def _require_decision(request: HttpRequest, change: HeldChange) -> None:
    if not services.may_decide(request.user, change):
        raise PermissionDenied


def _release(request: HttpRequest, change: HeldChange) -> str:
    _require_decision(request, change)
    services.release(change=change, by=Actor.of(request.user))
    return _("The change of “%(name)s” is public.") % {"name": change.name}


def _drop(request: HttpRequest, change: HeldChange) -> str:
    if change.proposed_by_id != request.user.pk:
        _require_decision(request, change)
    services.drop(change=change, by=Actor.of(request.user))
    return _("The change was dropped. Nothing public has changed.")


def _judge(request: HttpRequest, change: HeldChange) -> str:
    reasons = services.judge_again(change=change, by=Actor.of(request.user))
    return _("Nothing is against this change now.") if not reasons else _("Checked again.")


def _keep(request: HttpRequest, change: HeldChange) -> str:
    page = get_object_or_404(Page, pk=request.POST.get("page") or 0)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    services.keep_words(
        change=change,
        page=page,
        kind=request.POST.get("kind", "")[:10],
        text=request.POST.get("text", ""),
        reason=request.POST.get("reason", ""),
        by=Actor.of(request.user),
    )
    return _("The words are kept, with your reason.")


_ACTIONS: dict[str, Callable[[HttpRequest, HeldChange], str]] = {
    "release": _release,
    "drop": _drop,
    "judge": _judge,
    "keep": _keep,
}
