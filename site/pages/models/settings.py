"""Menus, footer and banner of every page, edited as site settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from pages.blocks import LinkBlock, LinkColumnBlock
from pages.fields import QuietStreamField

Link = dict[str, str]


@register_setting(icon="list-ul", order=100)
class SiteSettings(BaseSiteSetting):
    """Menus, footer and banner of one site.

    Links are resolved when they are saved, and again when a page they lead to moves, is published or
    unpublished (pages.signals), and stored as plain addresses: a visitor's request reads one row, whatever
    the size of the site.
    """

    menu = QuietStreamField([("link", LinkBlock())], blank=True, verbose_name=_("main menu"))
    tools = QuietStreamField(
        [("link", LinkBlock())],
        blank=True,
        verbose_name=_("next to the search"),
        help_text=_("Shown on wide screens."),
    )
    footer = QuietStreamField([("column", LinkColumnBlock())], blank=True, verbose_name=_("footer columns"))
    care_text = models.TextField(
        _("advice above the footer"), blank=True, help_text=_("This site does not give medical advice ...")
    )
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    publisher_ties = models.TextField(
        _("the publisher’s interests"),
        blank=True,
        max_length=600,
        help_text=_(
            "Who pays for this site, and what they gain: shown with every story (‘not stated’ when empty)."
        ),
    )
    feedback_link = models.CharField(
        _("where to write to you"),
        max_length=300,
        blank=True,
        validators=[RegexValidator(r"^(/|https?://|mailto:)", _("Begin with /, https:// or mailto:."))],
        help_text=_("The address of your contact form, e.g. ‘/contact/’: every story invites corrections."),
    )
    footer_text = models.TextField(_("last line of the footer"), blank=True)
    banner_text = models.CharField(
        _("banner"), max_length=300, blank=True, help_text=_("Shown above every page while filled in.")
    )
    banner_link = models.CharField(_("banner link"), max_length=300, blank=True)
    resolved_links = models.JSONField(default=dict, editable=False)

    panels = [
        MultiFieldPanel(["menu", "tools"], heading=_("Menus")),
        MultiFieldPanel(["care_text", "footer", "publisher", "footer_text"], heading=_("Footer")),
        MultiFieldPanel(["publisher_ties", "feedback_link"], heading=_("With every story")),
        MultiFieldPanel([FieldPanel("banner_text"), FieldPanel("banner_link")], heading=_("Banner")),
    ]

    class Meta:
        verbose_name = _("menus, footer and banner")

    def resolve_links(self) -> dict[str, Any]:
        """Menu, tools and footer with each link's text and address. Links to pages that are not live are left
        out.
        """

        def links(stream: Any) -> list[Link]:
            return [
                {"text": value.text, "url": value.url, "hint": value.get("hint") or ""}
                for value in stream
                if value.url
            ]

        return {
            "menu": links(block.value for block in self.menu),
            "tools": links(block.value for block in self.tools),
            "footer": [
                {"heading": block.value["heading"], "links": links(block.value["links"])}
                for block in self.footer
            ],
        }

    def linked_pages(self) -> set[int]:
        """Return the keys of the pages to which the menus and the footer lead. Makes no query."""
        streams = (self.menu, self.tools, self.footer)
        return {page for stream in streams for item in stream.raw_data for page in _pages_in(item)}

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.resolved_links = self.resolve_links()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "resolved_links"}
        super().save(*args, **kwargs)


def _pages_in(value: Any) -> Iterator[int]:
    """Yield the keys of the pages that a stored block of links names."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            if name == "page" and isinstance(item, int):
                yield item
            else:
                yield from _pages_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _pages_in(item)
