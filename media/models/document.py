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

from documents.upload import check_can_be_cleaned, check_document
from media.fields import OriginalFileField
from media.publishable import FilePart, Publishable, public_name_field
from media.uploads import not_yet_stored
from media.validation.upload_checks import run_upload_checks
from uploads.file_names import unguessable_path


def document_path(_instance: Document, filename: str) -> str:
    return unguessable_path("documents", filename)


class Document(Publishable, AbstractDocument):
    """A file to view in the browser or to save. It lies in the private storage; visitors get a copy."""

    PUBLIC_KIND: ClassVar[str] = "documents"

    file = OriginalFileField(_("file"), upload_to=document_path, kind="document")
    public_name = public_name_field()
    page_count = models.PositiveIntegerField(null=True, blank=True, editable=False)

    # Wagtail's own Document stays installed and uses the default reverse names.
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
            run_upload_checks(new)
            self.page_count = check_document(new)
            check_can_be_cleaned(new)
            self.file_size = new.size
            setattr(new, "checked_as_document", True)  # noqa: B010 - an attribute that the file class does not declare

    @property
    def can_be_viewed(self) -> bool:
        """Whether browsers can show files of this type."""
        return bool(self.content_disposition == "inline")

    def parts(self) -> list[FilePart]:
        return [FilePart(self, self, "document")]

    @property
    def url(self) -> str:
        """The address to read it: the public copy, or an address for staff until it is published."""
        return self.parts()[0].public_url or self.address_by_number

    @property
    def address_by_number(self) -> str:
        """An address that leads to the public copy while there is one, else only staff to the original."""
        return str(super().url)

    @property
    def view_url(self) -> str:
        """The address that opens the document in the browser if the browser can show it."""
        return self.url

    @property
    def save_url(self) -> str:
        """The address that downloads the document; only for staff while it is not published."""
        return reverse("save_document", args=[self.pk])

    @property
    def type_label(self) -> str:
        """Short name of the file type for link texts, e.g. 'PDF'."""
        return self.file_extension.upper()
