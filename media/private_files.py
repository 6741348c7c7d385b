"""Serves private files to staff who may see them: originals, and sizes of pictures that are not published."""

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

from media.models import CaptionTrack, Document, Picture, Recording, Rendition
from media.range_response import file_response
from media.signals import private_file_read
from uploads.file_names import safe_name


@dataclass(frozen=True, slots=True)
class PrivateFileKind:
    """`field` of `model` is the file; permission is checked on its `owner`, or on the object itself."""

    model: type[Any]
    field: str = "file"
    owner: str = ""


KINDS: dict[str, PrivateFileKind] = {
    "picture": PrivateFileKind(Picture),
    "rendition": PrivateFileKind(Rendition, owner="image"),
    "document": PrivateFileKind(Document),
    "recording": PrivateFileKind(Recording),
    "poster": PrivateFileKind(Recording, "thumbnail"),
    "captions": PrivateFileKind(CaptionTrack, owner="recording"),
}
# Staff need one of these for the item's collection, or the permission to add for their own uploads.
ACTIONS = ("choose", "change", "delete")


def may_read(user: Any, item: Model) -> bool:
    """Return whether `user` may see the private files of a picture, document or recording."""
    if not user.is_active or not user.has_perm("wagtailadmin.access_admin"):
        return False
    policy = policy_registry.get_by_type(type(item))
    return bool(policy.user_has_any_permission_for_instance(user, ACTIONS, item))


@require_safe
def private_file(request: HttpRequest, kind: str, pk: int) -> HttpResponseBase:
    """Return a private file by kind and number. Users who may not see it get 404, as if it did not exist."""
    if kind not in KINDS or not request.user.is_authenticated:
        raise Http404
    owner = KINDS[kind].owner
    holders = KINDS[kind].model._base_manager.select_related(*([owner] if owner else []))
    holder = get_object_or_404(holders, pk=pk)
    if not may_read(request.user, item_of(holder, kind)):
        raise Http404
    return response(request, holder, kind)


def item_of(holder: Any, kind: str) -> Any:
    """Return the picture, document or recording to which `holder` belongs."""
    owner = KINDS[kind].owner
    return getattr(holder, owner) if owner else holder


def response(request: HttpRequest, holder: Any, kind: str, *, save_as: str = "") -> HttpResponseBase:
    """Return a private file, in ranges, not to be cached; with `save_as`, as a download of that name.

    The caller has checked who is reading. Sends `private_file_read`.
    """
    file = getattr(holder, KINDS[kind].field)
    if not file:
        raise Http404
    item = item_of(holder, kind)
    private_file_read.send(sender=type(item), user=request.user, item=item, kind=kind)
    answer: HttpResponseBase
    try:
        path = Path(file.path)
    except NotImplementedError:
        # Object storage: a signed address, valid for a few minutes.
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
