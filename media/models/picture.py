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
    get_rendition_upload_to,
    get_upload_to,
)
from wagtail.search import index

from media.alt_text import why_not_alt_text
from media.audience import address_of, sees_private
from media.models.publishable import KeepsPublicNames, Part, Publishable, public_name_field
from media.naming import unguessable_path
from media.storage import private_storage
from media.uploads import not_yet_stored
from media.validation.pictures import TakenInPicture, take_in
from media.validation.refusals import ask


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
        # Of what is stored: the same picture written anew is the same file again.
        ask(taken)
        self.instance.transparent = taken.transparent
        super().save(f"{PurePosixPath(name).stem}{PurePosixPath(taken.name or '').suffix}", taken, save)

    @property
    def url(self) -> str:
        """For staff alone: what everybody may fetch are sizes of a picture that is shown."""
        return address_of(self.instance, "picture") if self.name else ""


class PictureField(WagtailImageField):
    attr_class = PictureFieldFile


class Picture(Publishable, AbstractImage):
    """A picture with the words that stand for it when it cannot be seen."""

    PUBLIC_KIND: ClassVar[str] = "pictures"

    file = PictureField(
        _("file"),
        upload_to=get_upload_to,
        storage=private_storage,
        width_field="width",
        height_field="height",
    )
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

    def create_renditions(self, *filters: Any) -> dict[Any, Rendition]:
        """As Wagtail does it, but with their numbers, which it leaves unknown: a private file's address needs them."""
        made: dict[Any, Rendition] = super().create_renditions(*filters)
        if any(size.pk is None for size in made.values()):
            specs = [filter_.spec for filter_ in made]
            rows = {
                (size.filter_spec, size.focal_point_key): size
                for size in self.renditions.filter(filter_spec__in=specs)
            }
            return {one: rows.get((one.spec, one.get_cache_key(self)), size) for one, size in made.items()}
        return made

    def parts(self) -> list[Part]:
        """Its sizes in which the site shows pictures: neither the original nor what only the admin uses."""
        sizes = self.renditions.all()
        return [size.part for size in sizes if size.is_for_readers or size.public_name]

    @property
    def can_be_seen(self) -> bool:
        """Whether it may be rendered for whom a page is rendered now: shown to everybody, or a preview for staff."""
        return self.is_shown or sees_private()


class Rendition(KeepsPublicNames, AbstractRendition):
    """One size and format of a picture, private; `public_name` is its copy while the picture is shown.

    The copy's address says nothing about the original's.
    """

    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")
    file = WagtailImageField(
        upload_to=get_rendition_upload_to,
        storage=private_storage,
        width_field="width",
        height_field="height",
    )
    public_name = public_name_field()

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)

    def get_upload_to(self, filename: str) -> str:
        return unguessable_path("renditions", filename)

    @property
    def part(self) -> Part:
        return Part(self.image, self, "rendition")

    @property
    def is_for_readers(self) -> bool:
        """Whether templates of public pages ask for it. All of those name a format."""
        return "|format-" in self.filter_spec

    @property
    def url(self) -> str:
        """Its public address, made now where a page for visitors is the first to ask; otherwise one for staff."""
        if self.image.is_shown and not sees_private() and not self.part.public_name:
            from media.publishing import write_renditions

            write_renditions(self.image, [self])
        return self.part.public_url or address_of(self, "rendition")
