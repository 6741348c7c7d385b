"""Who is in a picture or recording, in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.permissions import policy_registry

from attribution import services
from attribution.admin.forms import NoOneForm, PeopleFormSet, rows_of
from attribution.models import ShowsNoOne
from audit.actors import Actor
from consent.models import Depiction
from media.models import Picture, Recording

FILES: dict[str, Any] = {"picture": Picture, "recording": Recording}


def _file(request: HttpRequest, kind: str, number: int) -> Any:
    """Return the file, if this user may change it and see people. Raises Http404, PermissionDenied."""
    if kind not in FILES:
        raise Http404
    model = FILES[kind]
    policy = policy_registry.get_by_type(model)
    file = get_object_or_404(model, pk=number)
    if not policy.user_has_permission_for_instance(request.user, "change", file):
        raise PermissionDenied
    if not request.user.has_perm("consent.view_person"):
        raise PermissionDenied
    return file


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def who_is_shown(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """Show the form, and store what an editor states."""
    file = _file(request, kind, number)
    depictions = list(Depiction.objects.filter(**{kind: file}).order_by("pk"))
    no_one = ShowsNoOne.objects.filter(**{kind: file}).exists() and not depictions
    people: Any = PeopleFormSet(request.POST or None, initial=rows_of(depictions), prefix="people")
    statement = NoOneForm(request.POST or None, initial={"no_one": no_one}, kind=kind)
    if request.method == "POST":
        rows_are_valid = people.is_valid()
        statement.people = people.people if rows_are_valid else {0: True}
        if rows_are_valid and statement.is_valid():
            services.state_who_is_shown(
                file=file,
                people=people.people,
                no_one=statement.cleaned_data["no_one"],
                by=Actor.of(request.user),
            )
            messages.success(request, _("It is noted who is in “%(title)s”.") % {"title": file.title})
            return HttpResponseRedirect(_back(request) or request.path)
    context = {
        "file": file,
        "kind": kind,
        "people": people,
        "statement": statement,
        "next": _back(request),
        "page_title": _("Who is shown"),
        "page_subtitle": file.title,
        "header_icon": "user",
        "media": people.media,
    }
    return render(request, "attribution/admin/who_is_shown.html", context)


def _back(request: HttpRequest) -> str:
    """Return the address within this site to which the form leads back, '' where none was given."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if url_has_allowed_host_and_scheme(asked, {request.get_host()}) else ""
