from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument

from media.fields import OriginalFileField
from media.models.publishable import Part, Publishable, public_name_field
from media.naming import unguessable_path
from media.uploads import not_yet_stored
from media.validation.documents import check_document
from media.validation.refusals import ask


def document_path(instance: Document, filename: str) -> str:
    return unguessable_path("documents", filename)


class Document(Publishable, AbstractDocument):
    """A file to view in the browser and to save. It lies in the private storage; shown is a copy of it."""

    PUBLIC_KIND: ClassVar[str] = "documents"

    file = OriginalFileField(_("file"), upload_to=document_path, kind="document")
    public_name = public_name_field()
    page_count = models.PositiveIntegerField(null=True, blank=True, editable=False)

    # Wagtail's own Document stays installed: its reverse names are taken.
    uploaded_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    tags = TaggableManager(blank=True, related_name="media_documents")

    admin_form_fields = WagtailDocument.admin_form_fields

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions = [("choose_document", "Can choose document")]

    def clean(self) -> None:
        super().clean()
        try:
            self._check_content()
        except ValidationError as error:
            raise ValidationError({"file": error}) from error

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._check_content()
        super().save(*args, **kwargs)

    def _check_content(self) -> None:
        new = not_yet_stored(self.file)
        if new and not hasattr(new, "checked_as_document"):
            ask(new)
            self.page_count = check_document(new)
            self.file_size = new.size
            setattr(new, "checked_as_document", True)  # noqa: B010 - a note on somebody else's object

    @property
    def can_be_viewed(self) -> bool:
        """Whether browsers show files of this type."""
        return bool(self.content_disposition == "inline")

    def parts(self) -> list[Part]:
        return [Part(self, self, "document")]

    @property
    def url(self) -> str:
        """Where it is read: the public copy, or an address that staff alone can use, and readers once it is shown."""
        return self.parts()[0].public_url or self.address_by_number

    @property
    def address_by_number(self) -> str:
        """Leads to the public copy while there is one; for staff to the original; for others nowhere."""
        return str(super().url)

    @property
    def view_url(self) -> str:
        """Opens the document in the browser where the browser can show it."""
        return self.url

    @property
    def save_url(self) -> str:
        """Saves the document to the reader's computer. As `url`, for staff alone while it is not shown."""
        return reverse("save_document", args=[self.pk])

    @property
    def type_label(self) -> str:
        """Short name of the file type for link texts, e.g. 'PDF'."""
        return self.file_extension.upper()
