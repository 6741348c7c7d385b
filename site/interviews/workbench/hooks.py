"""Puts the workbench into the admin. Imported by `interviews.wagtail_hooks`."""

from __future__ import annotations

from django.urls import URLPattern
from wagtail import hooks

from interviews.workbench.urls import urlpatterns


@hooks.register("register_admin_urls")
def workbench_urls() -> list[URLPattern]:
    return urlpatterns
