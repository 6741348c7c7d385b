"""Hands out private files, originals and sizes of pictures that are not shown, to staff who may see them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from wagtail.permissions import policy_registry

from media.files_in_ranges import file_response
from media.models import CaptionTrack, Document, Picture, Recording, Rendition
from media.naming import safe_name
from media.signals import private_file_read


@dataclass(frozen=True, slots=True)
class Kind:
    """`field` of `model` holds the file; `owner` names what is asked for permission, '' for the object itself."""

    model: type[Any]
    field: str = "file"
    owner: str = ""


KINDS: dict[str, Kind] = {
    "picture": Kind(Picture),
    "rendition": Kind(Rendition, owner="image"),
    "document": Kind(Document),
    "recording": Kind(Recording),
    "poster": Kind(Recording, "thumbnail"),
    "captions": Kind(CaptionTrack, owner="recording"),
}
# Any of these for the thing's collection (or, for what one uploaded oneself, the right to add).
ACTIONS = ("choose", "change", "delete")


def may_read(user: Any, thing: Model) -> bool:
    """Whether `user` may see the private files of a picture, document or recording."""
    if not user.is_active or not user.has_perm("wagtailadmin.access_admin"):
        return False
    policy = policy_registry.get_by_type(type(thing))
    return bool(policy.user_has_any_permission_for_instance(user, ACTIONS, thing))


@require_safe
def private_file(request: HttpRequest, kind: str, pk: int) -> HttpResponseBase:
    """The private file of that kind and number. 404 for whoever may not see it: they learn not even that it is there."""
    if kind not in KINDS or not request.user.is_authenticated:
        raise Http404
    owner = KINDS[kind].owner
    found = KINDS[kind].model._base_manager.select_related(*([owner] if owner else []))
    holder = get_object_or_404(found, pk=pk)
    if not may_read(request.user, thing_of(holder, kind)):
        raise Http404
    return response(request, holder, kind)


def thing_of(holder: Any, kind: str) -> Any:
    """The picture, document or recording to which `holder` belongs."""
    owner = KINDS[kind].owner
    return getattr(holder, owner) if owner else holder


def response(request: HttpRequest, holder: Any, kind: str, *, save_as: str = "") -> HttpResponseBase:
    """A private file, in ranges, kept by no cache; with `save_as` to be saved under that name.

    The caller has asked who is reading. Sends `private_file_read`.
    """
    file = getattr(holder, KINDS[kind].field)
    if not file:
        raise Http404
    thing = thing_of(holder, kind)
    private_file_read.send(sender=type(thing), user=request.user, thing=thing, kind=kind)
    answer: HttpResponseBase
    try:
        path = Path(file.path)
    except NotImplementedError:
        # Object storage: a signed address of its own, good for minutes.
        answer = HttpResponseRedirect(file.storage.url(file.name))
    else:
        answer = file_response(request, path, save_as=save_as)
        if answer.status_code in {200, 206} and "Content-Disposition" not in answer.headers:
            name = safe_name(PurePosixPath(file.name).name, kind)
            answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
