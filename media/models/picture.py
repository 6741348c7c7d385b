from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
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

from changes import log
from changes.tables import row_key
from imaging.alt_text import why_not_alt_text
from imaging.cleaning import CleanPicture, clean_picture
from media import making
from media.file_urls import private_url, shows_private_files
from media.public_copies import write_renditions
from media.publishable import FilePart, KeepsPublicNames, Publishable, public_name_field
from media.storage import private_storage
from media.uploads import not_yet_stored
from media.validation.upload_checks import run_upload_checks
from uploads.file_names import unguessable_path


class PictureFieldFile(WagtailImageFieldFile):
    """The only way into the storage: every picture is decoded and re-encoded before it is saved."""

    def get_image_dimensions(self) -> tuple[int | None, int | None]:
        if isinstance(opened := getattr(self, "_file", None), CleanPicture):
            return opened.width, opened.height
        try:
            size: tuple[int, int] = super().get_image_dimensions()
        # Django measures an upload before validating it; the validation reports what is wrong.
        except Exception:
            return None, None
        return size

    def save(self, name: str, content: File[Any], save: bool = True) -> None:
        cleaned = clean_picture(content)
        # Checked as stored, because the same picture always gives the same stored file.
        run_upload_checks(cleaned)
        self.instance.transparent = cleaned.transparent
        super().save(f"{PurePosixPath(name).stem}{PurePosixPath(cleaned.name or '').suffix}", cleaned, save)

    @property
    def url(self) -> str:
        """An address for staff only: visitors get sizes of a published picture."""
        return private_url(self.instance, "picture") if self.name else ""


class PictureField(WagtailImageField):
    attr_class = PictureFieldFile


class Picture(Publishable, AbstractImage):
    """A picture with a description for visitors who cannot see it."""

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
        """What Wagtail offers when a picture is put into a page."""
        return self.alt_text

    def get_upload_to(self, filename: str) -> str:
        return unguessable_path("pictures", filename)

    def clean(self) -> None:
        super().clean()
        errors: dict[str, Any] = {}
        file: Any = self.file
        if new := not_yet_stored(file):
            try:
                setattr(self, "file", clean_picture(new))  # noqa: B010 - the field takes any file, its type says otherwise
            except ValidationError as error:
                errors["file"] = error
        # Wagtail gives a new picture the name of its file as title, which then has no spaces.
        names = [file.name or "", "" if " " in self.title else self.title]
        if reason := next((why for name in names if (why := why_not_alt_text(self.alt_text, name))), ""):
            errors["alt_text"] = reason
        if errors:
            raise ValidationError(errors)

    def create_rendition(self, filter: Any) -> Rendition:  # noqa: A002 - Wagtail's name
        return self.create_renditions(filter)[filter]

    def create_renditions(self, *filters: Any) -> dict[Any, Rendition]:
        """Create all these sizes from one decoding of the file.

        Those that another process made meanwhile are returned as they are.
        """
        if any(making.is_special(filter_) for filter_ in filters):
            made = [self._special(filter_) for filter_ in filters]
        else:
            with self.open_file() as file:
                made = [self._unsaved(filter_, new) for filter_, new in making.new_files(self, file, filters)]
        return self._store(made, {filter_.spec: filter_ for filter_ in filters})

    def _unsaved(self, filter_: Any, new: making.NewFile) -> Rendition:
        key = filter_.get_cache_key(self)
        name = making.file_name(self.file.name, filter_.spec, key, new.suffix)
        return Rendition(
            image=self,
            filter_spec=filter_.spec,
            focal_point_key=key,
            file=ContentFile(new.content, name=name),
            width=new.width,
            height=new.height,
            file_size=len(new.content),
        )

    def _special(self, filter_: Any) -> Rendition:
        """Return a size with an effect or format that only Wagtail knows."""
        file = self.generate_rendition_file(filter_)
        return Rendition(
            image=self, filter_spec=filter_.spec, focal_point_key=filter_.get_cache_key(self), file=file
        )

    def _store(self, made: list[Rendition], filters: dict[str, Any]) -> dict[Any, Rendition]:
        """Save new sizes. Where another process was first, its size counts and the new file is deleted."""
        Rendition.objects.bulk_create(made, ignore_conflicts=True)
        # Pages know the picture, not its sizes.
        log.record(row_key(Picture, self.pk))
        rows = {
            (row.filter_spec, row.focal_point_key): row
            for row in self.renditions.filter(filter_spec__in=list(filters))
        }
        stored: dict[Any, Rendition] = {}
        for new in made:
            row = rows[new.filter_spec, new.focal_point_key]
            if row.file.name != new.file.name:
                new.file.delete(save=False)
            row.image = self
            stored[filters[new.filter_spec]] = row
        return stored

    def parts(self) -> list[FilePart]:
        """Return the sizes that public pages use: not the original, and no size that only the admin uses."""
        sizes = self.renditions.all()
        return [size.part for size in sizes if size.is_for_readers or size.public_name]

    @property
    def can_be_seen(self) -> bool:
        """Whether the page being rendered may show it: the picture is published, or the page is a preview."""
        return self.is_published or shows_private_files()


class Rendition(KeepsPublicNames, AbstractRendition):
    """One size and format of a picture, private. `public_name` is its copy while the picture is published.

    The copy's address reveals nothing about the original's.
    """

    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")
    file = WagtailImageField(
        upload_to=get_rendition_upload_to,
        storage=private_storage,
        width_field="width",
        height_field="height",
    )
    # Bytes; not known of sizes that were made before this was recorded.
    file_size = models.PositiveIntegerField(null=True, editable=False)
    public_name = public_name_field()

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)

    def get_upload_to(self, filename: str) -> str:
        return unguessable_path("renditions", filename)

    @property
    def part(self) -> FilePart:
        return FilePart(self.image, self, "rendition")

    @property
    def is_for_readers(self) -> bool:
        """Whether public pages use this size. Their templates always name a format, the admin's never do."""
        return "|format-" in self.filter_spec

    @property
    def url(self) -> str:
        """The public address, for which a copy is made now if necessary; otherwise the address for staff."""
        if self.image.is_published and not shows_private_files() and not self.part.public_name:
            write_renditions(self.image, [self])
        return self.part.public_url or private_url(self, "rendition")
