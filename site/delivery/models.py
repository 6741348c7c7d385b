"""Pages as visitors get them, made when they are published."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class StoredPage(models.Model):
    """The response for one address, for visitors without a login.

    `address_hash`: SHA-256 of the address, in hexadecimal. `body`: compressed with Brotli. `keys`: what it
    shows (`changes.models.Change`), each with the version that the rendering saw where that was recent, else
    0. It is current while none of them changed since `version`, when the rendering began. `until`: when it
    must be made again although nothing is saved. `program`: which program made it (`delivery.program`).
    """

    address_hash = models.CharField(max_length=64, unique=True)
    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="stored_pages")
    headers = models.JSONField(default=list)
    body = models.BinaryField()
    keys = models.JSONField(default=dict)
    shows_people = models.BooleanField(default=True)
    until = models.DateTimeField()
    version = models.BigIntegerField()
    program = models.CharField(max_length=16, default="", db_default="")

    class Meta:
        verbose_name = _("stored page")
        verbose_name_plural = _("stored pages")

    def __str__(self) -> str:
        return f"Page {self.page_id} as stored"


class ShownPage(models.Model):
    """A page of which a stored page shows something: itself, or another page's card."""

    stored = models.ForeignKey(StoredPage, on_delete=models.CASCADE, related_name="shown_pages")
    # Not a foreign key: the page may be deleted, and the stored page is found by it afterwards.
    page_number = models.PositiveBigIntegerField(db_index=True)

    class Meta:
        verbose_name = _("page shown on a stored page")
        verbose_name_plural = _("pages shown on stored pages")
        constraints = [models.UniqueConstraint(fields=["stored", "page_number"], name="one_row_a_page_shown")]

    def __str__(self) -> str:
        return f"Page {self.page_number} on stored page {self.stored_id}"
