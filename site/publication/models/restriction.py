"""Which pages lie under a view restriction."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RestrictedPage(models.Model):
    """A page that some visitors may not see, because it or a page above it has a view restriction.

    Written by `publication.restrictions` alone, in the transaction that changes the restriction or moves the
    page.
    """

    page = models.OneToOneField(
        "wagtailcore.Page", primary_key=True, on_delete=models.CASCADE, related_name="restricted"
    )

    class Meta:
        verbose_name = _("restricted page")
        verbose_name_plural = _("restricted pages")

    def __str__(self) -> str:
        return f"Page {self.page_id} is restricted"
