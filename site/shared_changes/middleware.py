"""Runs the admin's forms for shared objects in one session each, and says where such an object is public.

A form that is sent is judged as a whole (`shared_changes.session`). Where its change has to wait, the editor
sees why and where it waits instead of Wagtail's "saved".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import Resolver404, ResolverMatch, resolve, reverse

from audit.actors import Actor
from publication.refusals import wants_json
from shared_changes import notices
from shared_changes.guard import SharedChangeRefused
from shared_changes.models import HeldChange
from shared_changes.registry import shared_models
from shared_changes.session import changing

FAILED = "_shared_change_failed"


class SharedChanges:
    """Middleware, inside all that reads the session or the user."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        match = _form_of(request)
        if match is None:
            return self.get_response(request)
        if request.method != "POST":
            _say_where_it_is_public(request, match)
            return self.get_response(request)
        with changing(Actor.of(request.user)) as session:
            response = self.get_response(request)
            if getattr(request, FAILED, False) or response.status_code >= 500:
                transaction.set_rollback(True)
                session.touched.clear()
        return _instead(request, session.held) if session.held else response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Note a failure, so that everything is rolled back; show why a change was refused."""
        setattr(request, FAILED, True)
        if not isinstance(exception, SharedChangeRefused):
            return None
        text = " ".join(exception.messages)
        if wants_json(request):
            return JsonResponse(
                {"success": False, "error_code": "not_public", "error_message": text}, status=409
            )
        messages.error(request, text)
        return HttpResponseRedirect(request.headers.get("Referer") or reverse("wagtailadmin_home"))


def _form_of(request: HttpRequest) -> ResolverMatch | None:
    """Return the match of a form of the admin in which a logged-in user changes shared objects."""
    if not request.path.startswith(reverse("wagtailadmin_home")):
        return None
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return None
    space = match.namespaces[0] if match.namespaces else ""
    if match.url_name != "wagtail_bulk_action" and space not in _namespaces():
        return None
    return match if request.user.is_authenticated else None


def _namespaces() -> set[str]:
    """Return the names under which Wagtail has the forms of shared objects."""
    found = {"wagtailsettings"}
    for model in shared_models():
        if hasattr(model, "snippet_viewset"):
            found.add(model.snippet_viewset.url_namespace)
    return found | {
        *("wagtailimages", "wagtailimages_chooser", "wagtaildocs", "wagtaildocs_chooser"),
        *("wagtailmedia",),
    }


def _say_where_it_is_public(request: HttpRequest, match: ResolverMatch) -> None:
    """Show above an edit form where the object is public, and what waits for it."""
    if request.method == "GET" and not wants_json(request) and (thing := _edited(match)) is not None:
        for level, text in notices.above_the_form(thing, request.user):
            messages.add_message(request, level, text)


def _edited(match: ResolverMatch) -> Any:
    """Return the shared object that an edit form is about, None for other addresses."""
    if match.url_name != "edit":
        return None
    for model in shared_models():
        names = {"picture": "image_id", "document": "document_id", "recording": "media_id"}
        name = names.get(model._meta.model_name or "", "pk")
        if name == "pk" and match.namespaces[0] == "wagtailsettings":
            if [
                match.kwargs.get("app_name"),
                match.kwargs.get("model_name"),
            ] != model._meta.label_lower.split("."):
                continue
            return model._base_manager.filter(site=match.kwargs.get("pk")).first()
        viewset = getattr(model, "snippet_viewset", None)
        if name == "pk" and (viewset is None or viewset.url_namespace != match.namespaces[0]):
            continue
        if name in match.kwargs:
            try:
                return model._base_manager.get(pk=match.kwargs[name])
            except (ObjectDoesNotExist, ValueError):
                return None
    return None


def _instead(request: HttpRequest, held: list[HeldChange]) -> HttpResponse:
    """Return the answer to a form whose change waits."""
    notices.forget_messages(request)
    text = notices.held(held)
    if wants_json(request):
        return JsonResponse(
            {"success": False, "error_code": "held", "error_message": text, "form": text}, status=200
        )
    messages.warning(request, text)
    return HttpResponseRedirect(
        reverse("shared_change", args=[held[0].pk]) if len(held) == 1 else reverse("shared_changes")
    )
