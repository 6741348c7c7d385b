"""Who may see interviews: whoever may change them, nobody else. Asked before anything is looked up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

View = Callable[..., HttpResponseBase]
SEES = ("interviews.view_interview", "interviews.change_interview")


def may_change(user: Any) -> bool:
    return bool(user.is_active and user.has_perm("interviews.change_interview"))


def for_editors(view: View) -> View:
    """Lets in those who may change interviews; others learn nothing about whether there is one."""

    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_change(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def hidden_from_others(view: View) -> View:
    """As `for_editors`, for files: a player cannot follow a polite redirect, so others are told that nothing is here."""

    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_change(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
