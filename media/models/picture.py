from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    WagtailImageField,
    WagtailImageFieldFile,
    get_upload_to,
)
from wagtail.search import index

from media.alt_text import why_not_alt_text
from media.naming import unguessable_path
from media.uploads import not_yet_stored
from media.validation.pictures import TakenInPicture, take_in


class PictureFieldFile(WagtailImageFieldFile):
    """The one way to the storage: whatever is saved has been decoded and written anew before."""

    def get_image_dimensions(self) -> tuple[int | None, int | None]:
        if isinstance(held := getattr(self, "_file", None), TakenInPicture):
            return held.width, held.height
        try:
            size: tuple[int, int] = super().get_image_dimensions()
        # An upload is measured before it is validated; what is wrong with it is said then.
        except Exception:
            return None, None
        return size

    def save(self, name: str, content: File[Any], save: bool = True) -> None:
        taken = take_in(content)
        self.instance.transparent = taken.transparent
        super().save(f"{PurePosixPath(name).stem}{PurePosixPath(taken.name or '').suffix}", taken, save)


class PictureField(WagtailImageField):
    attr_class = PictureFieldFile


class Picture(AbstractImage):
    """A picture with the words that stand for it when it cannot be seen."""

    file = PictureField(_("file"), upload_to=get_upload_to, width_field="width", height_field="height")
    alt_text = models.CharField(
        _("what the picture shows"),
        max_length=300,
        help_text=_(
            "One or two plain sentences for a reader who cannot see it, e.g. “A girl in a yellow coat climbs "
            "the stairs, one hand on the rail.” Not the file's name."
        ),
    )
    credit = models.CharField(
        _("credit"),
        max_length=200,
        blank=True,
        help_text=_("Who made the picture, as they wish to be named."),
    )
    transparent = models.BooleanField(default=False, editable=False)

    admin_form_fields = (
        "title",
        "file",
        "alt_text",
        "credit",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )
    search_fields: ClassVar[list[index.BaseField]] = [
        *AbstractImage.search_fields,
        index.SearchField("alt_text"),
        index.AutocompleteField("alt_text"),
        index.SearchField("credit"),
    ]

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        permissions: ClassVar = [("choose_image", "Can choose image")]

    @property
    def default_alt_text(self) -> str:
        """What Wagtail offers wherever a picture is put into a page."""
        return self.alt_text

    def get_upload_to(self, filename: str) -> str:
        return unguessable_path("pictures", filename)

    def clean(self) -> None:
        super().clean()
        errors: dict[str, Any] = {}
        file: Any = self.file
        if new := not_yet_stored(file):
            try:
                setattr(self, "file", take_in(new))  # noqa: B010 - the field takes any file, its type says otherwise
            except ValidationError as error:
                errors["file"] = error
        # Wagtail names a new picture after its file: such a title has no spaces.
        names = [file.name or "", "" if " " in self.title else self.title]
        if reason := next((why for name in names if (why := why_not_alt_text(self.alt_text, name))), ""):
            errors["alt_text"] = reason
        if errors:
            raise ValidationError(errors)


class Rendition(AbstractRendition):
    """One size and format of a picture. Its address says nothing about the original's."""

    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)

    def get_upload_to(self, filename: str) -> str:
        return unguessable_path("renditions", filename)
