from __future__ import annotations

from media.models.caption_track import CaptionTrack
from media.models.clip import Clip, ClipKind, ClipState
from media.models.document import Document
from media.models.picture import Picture, Rendition
from media.models.recording import Recording

__all__ = [
    "CaptionTrack",
    "Clip",
    "ClipKind",
    "ClipState",
    "Document",
    "Picture",
    "Recording",
    "Rendition",
]
