"""Links of menus, the footer and the home page."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class LinkValue(blocks.StructValue):
    @property
    def url(self) -> str:
        """The page's address while the page is live, else the typed address, else ''."""
        page = self.get("page")
        if page:
            return (page.url or "") if page.live else ""
        return str(self.get("address") or "")

    @property
    def text(self) -> str:
        page = self.get("page")
        return str(self.get("label") or (page.title if page else ""))


class LinkBlock(blocks.StructBlock):
    """A link to a page of the site, or to a typed address."""

    label = blocks.CharBlock(
        required=False, max_length=80, help_text=_("The page's title is used when this is empty.")
    )
    page = blocks.PageChooserBlock(required=False)
    address = blocks.CharBlock(
        required=False, max_length=300, help_text=_("Instead of a page, e.g. /doctors/ or https://...")
    )
    hint = blocks.CharBlock(required=False, max_length=120)

    class Meta:
        icon = "link"
        label = _("Link")
        description = _("A link to a page of the site, or to a typed address.")
        value_class = LinkValue
        template = "components/link.html"
        preview_value = {"label": "Search for a hospital", "address": "/hospitals/"}

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        if bool(value.get("page")) == bool(value.get("address")):
            raise blocks.StructBlockValidationError(
                {"page": ValidationError(_("Choose a page or type an address: one of the two."))}
            )
        address = value.get("address") or ""
        if address and not address.startswith(("/", "#", "https://", "http://", "mailto:", "tel:")):
            raise blocks.StructBlockValidationError(
                {"address": ValidationError(_("Start the address with / or https://, or choose a page."))}
            )
        if address and not value.get("label"):
            raise blocks.StructBlockValidationError({"label": ValidationError(_("Give the link a label."))})
        return value


class LinkColumnBlock(blocks.StructBlock):
    """A heading with links: one column of the footer."""

    heading = blocks.CharBlock(max_length=80)
    links = blocks.ListBlock(LinkBlock())

    class Meta:
        icon = "list-ul"
        label = _("Column of links")
        description = _("A heading with links under it.")
        template = "components/link_column.html"
        preview_value = {"heading": "Help", "links": [{"label": "Contact us", "address": "/contact/"}]}
