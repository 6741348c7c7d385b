"""The address of the screen on which officers decide about passages."""

from __future__ import annotations

from django.urls import URLPattern, path
from wagtail import hooks

from mentions import views


@hooks.register("register_admin_urls")
def mention_urls() -> list[URLPattern]:
    """Return the address of the screen, below that of the receipt, and of that for one name on a page."""
    return [
        path("withdrawals/<uuid:number>/passages/", views.decide_view, name="withdrawal_passages"),
        path("pages/<int:page_id>/name/<str:mark>/", views.name_view, name="name_decision"),
    ]
