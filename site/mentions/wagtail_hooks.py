"""The address of the screen on which officers decide about passages."""

from __future__ import annotations

from django.urls import URLPattern, path
from wagtail import hooks

from mentions import views


@hooks.register("register_admin_urls")
def mention_urls() -> list[URLPattern]:
    """Return the address of the screen, below that of the receipt."""
    return [path("withdrawals/<uuid:number>/passages/", views.decide_view, name="withdrawal_passages")]
