"""Adds permission checks to choosers, for which Wagtail checks none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.utils.urlpatterns import decorate_urlpatterns

View = Callable[..., HttpResponseBase]


def only_with(patterns: list[URLPattern], permissions: tuple[str, ...]) -> list[URLPattern]:
    """Return `patterns` restricted to users who have one of the `permissions`."""

    def decorator(view: View) -> View:
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not any(request.user.has_perm(permission) for permission in permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    decorate_urlpatterns(patterns, decorator)
    return patterns


class ViewersChooser(SnippetChooserViewSet):
    """A chooser for users who may see the objects it lists."""

    def get_urlpatterns(self) -> list[Any]:
        app, name = self.model._meta.app_label, self.model._meta.model_name
        return only_with(super().get_urlpatterns(), (f"{app}.view_{name}", f"{app}.change_{name}"))
