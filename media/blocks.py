"""Blocks that show pictures, recordings and documents, as `media.preload` has fetched them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import BooleanBlock, CharBlock, ListBlock, StructBlock, StructValue, TextBlock
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock as WagtailDocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtailmedia.blocks import AbstractMediaChooserBlock, AudioChooserBlock, VideoChooserBlock

from imaging.alt_text import why_not_alt_text
from media import preload
from media.models import Picture, Recording


class PreloadedMixin:
    """A chooser that takes preloaded objects, and asks the database for the others."""

    model_class: type[Model]

    def to_python(self, value: Any) -> Any:
        return preload.find(self.model_class, value) or super().to_python(value)  # type: ignore[misc]

    def bulk_to_python(self, values: Iterable[Any]) -> list[Any]:
        values = list(values)
        preloaded = [preload.find(self.model_class, value) for value in values]
        missing = [None if item else value for item, value in zip(preloaded, values, strict=True)]
        if any(value is not None for value in missing):
            fetched = super().bulk_to_python(missing)  # type: ignore[misc]
            return [item or other for item, other in zip(preloaded, fetched, strict=True)]
        return preloaded


class PictureChooserBlock(PreloadedMixin, ImageChooserBlock):
    class Meta:
        icon = "image"


class RecordingChooserBlock(PreloadedMixin, AbstractMediaChooserBlock):
    """Chooses a recording; `media_type="video"` or `"audio"` for one kind only."""

    def render_basic(self, value: Recording | None, **_kwargs: object) -> str:
        return value.title if value else ""

    class Meta:
        icon = "media"


class VideoRecordingChooserBlock(PreloadedMixin, VideoChooserBlock):
    pass


class AudioRecordingChooserBlock(PreloadedMixin, AudioChooserBlock):
    pass


class DocumentChooserBlock(PreloadedMixin, WagtailDocumentChooserBlock):
    pass


class FigureValue(StructValue):
    # In templates a name means the block's field first, so these properties have other names.
    @property
    def alt_shown(self) -> str:
        """The description given in the block, or the picture's own."""
        picture: Picture | None = self.get("picture")
        return str(self.get("alt") or (picture.alt_text if picture else ""))

    @property
    def credit_shown(self) -> str:
        picture: Picture | None = self.get("picture")
        return str(self.get("credit") or (picture.credit if picture else ""))


class FigureBlock(StructBlock):
    picture = PictureChooserBlock(label=_("Picture"))
    alt = CharBlock(
        required=False,
        max_length=300,
        label=_("What the picture shows here"),
        help_text=_("Only if this text needs another description. Leave empty to use the picture's own."),
    )
    caption = TextBlock(
        required=False,
        rows=2,
        label=_("Caption"),
        help_text=_("Who, where and when, in plain words. Do not repeat the text."),
    )
    credit = CharBlock(
        required=False,
        max_length=200,
        label=_("Credit"),
        help_text=_("Leave empty to use the picture's own credit."),
    )

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        picture = cleaned.get("picture")
        if (
            picture
            and not self.is_deferred_validation
            and (reason := why_not_alt_text(cleaned.alt_shown, picture.file.name))
        ):
            raise StructBlockValidationError(block_errors={"alt": ValidationError(reason)})
        return cleaned

    class Meta:
        icon = "image"
        label = _("Figure")
        template = "media/blocks/figure.html"
        description = _("A picture with a caption and a credit.")
        value_class = FigureValue
        preview_value = {
            "picture": None,
            "caption": "Her hooks at school. Since spring she hangs up her own coat.",
        }


class GalleryValue(StructValue):
    @property
    def figures(self) -> list[FigureValue]:
        """The figures whose picture the page being rendered may show."""
        figures = [figure for figure in self.get("pictures") or [] if figure.get("picture")]
        return [figure for figure in figures if figure["picture"].can_be_seen]


class GalleryBlock(StructBlock):
    heading = CharBlock(required=False, max_length=120, label=_("Heading"))
    pictures = ListBlock(FigureBlock(), min_num=2, max_num=24, label=_("Pictures"))

    class Meta:
        icon = "images"
        label = _("Gallery")
        template = "media/blocks/gallery.html"
        description = _("Several pictures side by side, each with its caption. Nothing slides or moves.")
        value_class = GalleryValue
        preview_value = {"heading": "A year of ordinary days", "pictures": []}


class RecordingValue(StructValue):
    @property
    def recording(self) -> Recording | None:
        return self.get("recording")

    @property
    def script(self) -> str:
        """How the player shows the transcript: folded up below it, or not at all."""
        return "folded" if self.get("show_transcript") else ""

    @property
    def name(self) -> str:
        return str(self.get("title") or (self.recording.title if self.recording else ""))


class VideoBlock(StructBlock):
    recording = VideoRecordingChooserBlock(label=_("Video"))
    title = CharBlock(
        required=False,
        max_length=160,
        label=_("Title"),
        help_text=_("Leave empty to use the video's own title."),
    )
    caption = TextBlock(required=False, rows=2, label=_("Caption"))
    show_transcript = BooleanBlock(
        required=False,
        default=True,
        label=_("Show the transcript"),
        help_text=_("Below the video, folded up."),
    )

    class Meta:
        icon = "wagtailmedia-video"
        label = _("Video")
        template = "media/blocks/video.html"
        description = _("A video with its captions and transcript.")
        value_class = RecordingValue
        preview_value = {"recording": None, "title": "Najib’s video", "caption": "One minute, with captions."}


class AudioBlock(StructBlock):
    recording = AudioRecordingChooserBlock(label=_("Sound recording"))
    title = CharBlock(
        required=False,
        max_length=160,
        label=_("Title"),
        help_text=_("Leave empty to use the recording's own title."),
    )
    caption = TextBlock(required=False, rows=2, label=_("Caption"))
    show_transcript = BooleanBlock(required=False, default=True, label=_("Show the transcript"))

    class Meta:
        icon = "wagtailmedia-audio"
        label = _("Sound")
        template = "media/blocks/audio.html"
        description = _("A sound recording with its transcript.")
        value_class = RecordingValue
        preview_value = {"recording": None, "title": "Her mother, a year later", "caption": "Two minutes."}


class DocumentValue(StructValue):
    @property
    def name(self) -> str:
        document = self.get("document")
        return str(self.get("title") or (document.title if document else ""))


class DocumentBlock(StructBlock):
    document = DocumentChooserBlock(label=_("Document"))
    title = CharBlock(
        required=False,
        max_length=160,
        label=_("Title"),
        help_text=_("Leave empty to use the document's own title."),
    )
    description = TextBlock(
        required=False,
        rows=2,
        label=_("Description"),
        help_text=_("What visitors find in it, in one or two sentences."),
    )

    class Meta:
        icon = "doc-full"
        label = _("Document")
        template = "media/blocks/document.html"
        description = _("A document to view in the browser or to save.")
        value_class = DocumentValue
        preview_value = {
            "document": None,
            "title": "Statistical report",
            "description": "34 pages, in English.",
        }
