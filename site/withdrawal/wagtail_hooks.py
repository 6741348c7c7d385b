"""Withdrawals in the admin."""

from __future__ import annotations

from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from withdrawal.admin.dashboard import WithdrawalsMenuItem, add_unfinished_panel
from withdrawal.admin.urls import urlpatterns

hooks.register("construct_homepage_panels", add_unfinished_panel)


@hooks.register("register_admin_urls")
def withdrawal_urls() -> list[URLPattern]:
    """Return the addresses of withdrawals."""
    return urlpatterns


@hooks.register("register_reports_menu_item")
def withdrawals_menu_item() -> MenuItem:
    """Return the menu item of the list of withdrawals."""
    return WithdrawalsMenuItem(
        _("Withdrawals"), reverse("withdrawals"), name="withdrawals", icon_name="cross", order=890
    )
