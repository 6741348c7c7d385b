"""Blocks that show pictures, recordings and documents. They read from what `media.preload` has fetched."""

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

from media import preload
from media.alt_text import why_not_alt_text
from media.models import Picture, Recording


class PreloadedMixin:
    """A chooser that asks the preloaded set first, and the database for what is not in it."""

    model_class: type[Model]

    def to_python(self, value: Any) -> Any:
        return preload.find(self.model_class, value) or super().to_python(value)  # type: ignore[misc]

    def bulk_to_python(self, values: Iterable[Any]) -> list[Any]:
        values = list(values)
        found = [preload.find(self.model_class, value) for value in values]
        rest = [None if there else value for there, value in zip(found, values, strict=True)]
        if any(value is not None for value in rest):
            asked = super().bulk_to_python(rest)  # type: ignore[misc]
            return [there or other for there, other in zip(found, asked, strict=True)]
        return found


class PictureChooserBlock(PreloadedMixin, ImageChooserBlock):
    class Meta:
        icon = "image"


class RecordingChooserBlock(PreloadedMixin, AbstractMediaChooserBlock):
    """Chooses a recording; `media_type="video"` or `"audio"` for one kind only."""

    def render_basic(self, value: Recording | None, context: Any = None) -> str:
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
    # In templates a name gives the block's field first: what falls back on the picture has names of its own.
    @property
    def alt_shown(self) -> str:
        """The words for this place, or the picture's own."""
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
        label=_("What the picture shows, here"),
        help_text=_(
            "Only if it matters differently in this text. Left empty, the picture's own words are used."
        ),
    )
    caption = TextBlock(
        required=False,
        rows=2,
        label=_("Caption"),
        help_text=_("Who, where, when in plain words. Not a repetition of the text."),
    )
    credit = CharBlock(
        required=False,
        max_length=200,
        label=_("Credit"),
        help_text=_("Left empty, the picture's own credit is used."),
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
        """Those whose picture may be seen by whom the page is rendered for."""
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
        """How the player shows what is said: folded up below it, or not."""
        return "folded" if self.get("show_transcript") else ""

    @property
    def name(self) -> str:
        return str(self.get("title") or (self.recording.title if self.recording else ""))


class VideoBlock(StructBlock):
    recording = VideoRecordingChooserBlock(label=_("Video"))
    title = CharBlock(
        required=False, max_length=160, label=_("Title"), help_text=_("Left empty, the video's own.")
    )
    caption = TextBlock(required=False, rows=2, label=_("Caption"))
    show_transcript = BooleanBlock(
        required=False, default=True, label=_("Show what is said"), help_text=_("Under the video, folded up.")
    )

    class Meta:
        icon = "wagtailmedia-video"
        label = _("Video")
        template = "media/blocks/video.html"
        description = _("A video with its captions, and what is said in it to read.")
        value_class = RecordingValue
        preview_value = {"recording": None, "title": "Najib’s video", "caption": "One minute, with captions."}


class AudioBlock(StructBlock):
    recording = AudioRecordingChooserBlock(label=_("Sound recording"))
    title = CharBlock(
        required=False, max_length=160, label=_("Title"), help_text=_("Left empty, the recording's own.")
    )
    caption = TextBlock(required=False, rows=2, label=_("Caption"))
    show_transcript = BooleanBlock(required=False, default=True, label=_("Show what is said"))

    class Meta:
        icon = "wagtailmedia-audio"
        label = _("Sound")
        template = "media/blocks/audio.html"
        description = _("A sound recording, and what is said in it to read.")
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
        required=False, max_length=160, label=_("Title"), help_text=_("Left empty, the document's own.")
    )
    description = TextBlock(
        required=False,
        rows=2,
        label=_("Description"),
        help_text=_("What a reader finds in it, in one or two sentences."),
    )

    class Meta:
        icon = "doc-full"
        label = _("Document")
        template = "media/blocks/document.html"
        description = _("A document to view in the browser and to save.")
        value_class = DocumentValue
        preview_value = {
            "document": None,
            "title": "Statistical report",
            "description": "34 pages, in English.",
        }


__all__ = [
    "AudioBlock",
    "DocumentBlock",
    "DocumentChooserBlock",
    "FigureBlock",
    "GalleryBlock",
    "PictureChooserBlock",
    "RecordingChooserBlock",
    "VideoBlock",
]
