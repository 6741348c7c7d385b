"""A StreamField with all blocks of this app, and a recording with captions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.files.base import ContentFile
from wagtail.blocks import ListBlock, StreamBlock, StreamValue, StructBlock

from media.blocks import (
    AudioBlock,
    DocumentBlock,
    FigureBlock,
    GalleryBlock,
    PictureChooserBlock,
    VideoBlock,
)
from media.models import CaptionTrack, Recording

from .conftest import VTT, published


class Body(StreamBlock):
    figure = FigureBlock()
    gallery = GalleryBlock()
    video = VideoBlock()
    audio = AudioBlock()
    document = DocumentBlock()
    group = StructBlock(
        [("pictures", ListBlock(PictureChooserBlock())), ("inner", StreamBlock([("figure", FigureBlock())]))]
    )


def stream(*items: tuple[str, Any]) -> StreamValue:
    """Return a StreamField's value as it comes from the database, with no block read yet."""
    raw = [{"type": type_, "value": value, "id": str(n)} for n, (type_, value) in enumerate(items)]
    return StreamValue(Body(), raw, is_lazy=True)


def captioned(make_recording: Callable[..., Recording], **fields: Any) -> Recording:
    recording = make_recording(shown=False, **fields)
    CaptionTrack.objects.create(recording=recording, file=ContentFile(VTT, name="a.vtt"))
    published(recording)
    return recording
