"""Hospitals and doctors in the admin: flat lists with what editors look for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views.pages.listing import IndexView
from wagtail.admin.viewsets.pages import PageListingViewSet

from directory.models import DoctorPage, HospitalPage

FIRST = [column for column in IndexView.base_columns if column.name in {"bulk_actions", "title"}]
LAST = [c for c in IndexView.base_columns if c.name in {"latest_revision_created_at", "status"}]


class HospitalListing(PageListingViewSet):
    model = HospitalPage
    icon = "home"
    menu_label = _("Hospitals")
    menu_order = 120
    add_to_admin_menu = True
    columns = [
        *FIRST,
        Column("city", label=_("City"), sort_key="city"),
        Column("country", label=_("Country"), accessor="country_name", sort_key="country"),
        BooleanColumn("is_partner", label=_("Partner"), sort_key="is_partner"),
        *LAST,
    ]
    list_filter = ["country", "is_partner", "pays_for_site", "is_sample"]


class DoctorListing(PageListingViewSet):
    model = DoctorPage
    icon = "user"
    menu_label = _("Doctors")
    menu_order = 121
    add_to_admin_menu = True
    columns = [
        *FIRST,
        Column("specialty", label=_("Specialty"), sort_key="specialty"),
        Column("licence_checked_on", label=_("Licence checked on"), sort_key="licence_checked_on"),
        *LAST,
    ]
    list_filter = ["is_partner", "pays_for_site", "is_sample"]


@hooks.register("register_admin_viewset")
def register_directory() -> list[PageListingViewSet]:
    return [HospitalListing("hospitals"), DoctorListing("doctors")]
