"""Withdrawals in the admin."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from withdrawal.admin.withdrawals import WithdrawalsMenuItem, tell_of_unfinished, urls

hooks.register("register_admin_urls", urls)
hooks.register("construct_homepage_panels", tell_of_unfinished)


@hooks.register("register_reports_menu_item")
def withdrawals_menu_item() -> MenuItem:
    """Return the menu item of the list of withdrawals."""
    return WithdrawalsMenuItem(
        _("Withdrawals"), reverse("withdrawals"), name="withdrawals", icon_name="cross", order=890
    )
