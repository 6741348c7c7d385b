"""What the admin's pages about one cohort have in common."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cohorts.models.cohort import Cohort


class CohortView(WagtailAdminTemplateMixin, View):
    """A page about the cohort whose number the address has, for users who may change cohorts."""

    # The cohorts that have such a page, as arguments of `filter`.
    which: dict[str, Any] = {}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # Checked before the cohort is looked up: others must not learn which cohorts there are.
        if not request.user.has_perm("cohorts.change_cohort"):
            raise PermissionDenied
        self.cohort = get_object_or_404(Cohort, pk=kwargs["pk"], **self.which)
        if not self.is_open_to(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def is_open_to(self, _user: Any) -> bool:
        """Return whether a user who may change cohorts may open this page of `cohort`."""
        return True

    def get_page_subtitle(self) -> str:
        return self.cohort.title

    def edit_url(self) -> str:
        """Return the address of the cohort's form."""
        return reverse(Cohort.snippet_viewset.get_url_name("edit"), args=[self.cohort.pk])

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        viewset = Cohort.snippet_viewset
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse(viewset.get_url_name("list")), "label": viewset.menu_label},
            {"url": self.edit_url(), "label": self.cohort.title},
            {"url": "", "label": self.page_title},
        ]
