"""The list of waiting changes in the admin: its addresses and its menu item."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from publication.public_files import refresh
from shared_changes import views
from shared_changes.models import HeldChange


@hooks.register("register_admin_urls")
def change_urls() -> list[URLPattern]:
    """Return the addresses of the list and of one change."""
    return [
        path("waiting-changes/", views.listed, name="shared_changes"),
        path("waiting-changes/<int:number>/", views.show, name="shared_change"),
        path("waiting-changes/<int:number>/act/", views.act, name="shared_change_act"),
        path("waiting-changes/<int:number>/files/<int:place>/", views.file, name="shared_change_file"),
    ]


class WaitingItem(MenuItem):
    """Shown while anything waits."""

    def is_shown(self, _request: HttpRequest) -> bool:
        return HeldChange.objects.filter(state=HeldChange.State.WAITING).exists()


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    """Return the menu item."""
    return WaitingItem(_("Waiting changes"), reverse("shared_changes"), icon_name="history", order=250)


@hooks.register("after_bulk_action")
def refresh_moved_files(request: HttpRequest, action_type: str, objects: list[Any], _action: Any) -> None:
    """Publish or unpublish files that were moved between collections: Wagtail moves them without a signal."""
    if action_type == "add_to_collection" and request.method == "POST":
        refresh([thing for thing in objects if hasattr(thing, "public_folder")])
