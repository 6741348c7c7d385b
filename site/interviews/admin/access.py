"""Access to interviews: only users who may change them. Checked before anything is looked up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

View = Callable[..., HttpResponseBase]
SEES = ("interviews.view_interview", "interviews.change_interview")


def may_change(user: Any) -> bool:
    """Return whether a user may change interviews."""
    return bool(user.is_active and user.has_perm("interviews.change_interview"))


def for_editors(view: View) -> View:
    """Restrict a view to users who may change interviews. Others do not learn whether an interview exists."""

    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_change(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def hidden_from_others(view: View) -> View:
    """Restrict a view of a file in the same way, but with a 404, since a player cannot show a page that
    explains.
    """

    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_change(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
