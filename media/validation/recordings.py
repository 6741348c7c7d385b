"""Checks an uploaded recording: it must open, and be in a format that browsers play."""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import av
import av.error
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _
from PIL import Image

from media.transcript_text import clock
from uploads.cut_off import cut_off, is_cover, states_length

logger = logging.getLogger(__name__)

# Container (as FFmpeg names it) -> suffix, type when it shows pictures, type when it is sound only.
CONTAINERS: dict[str, tuple[str, str, str]] = {
    "mp4": (".mp4", "video/mp4", "audio/mp4"),
    "webm": (".webm", "video/webm", "audio/webm"),
    "mp3": (".mp3", "", "audio/mpeg"),
    "ogg": (".ogg", "", "audio/ogg"),
    "wav": (".wav", "", "audio/wav"),
}
VIDEO_CODECS = {"mp4": {"h264", "av1"}, "webm": {"vp8", "vp9", "av1"}}
AUDIO_CODECS = {
    "mp4": {"aac", "mp3", "opus"},
    "webm": {"opus", "vorbis"},
    "mp3": {"mp3", "mp3float"},
    "ogg": {"opus", "vorbis"},
    "wav": {"pcm_s16le", "pcm_u8", "pcm_s24le", "pcm_f32le"},
}
ALIASES = {"libdav1d": "av1", "libvpx-vp9": "vp9", "libvpx": "vp8", "libopus": "opus", "libvorbis": "vorbis"}
# How the pixels of H.264 may be stored: other ways, such as 10 bits, are shown by some browsers only.
H264_PIXELS = {"yuv420p", "yuvj420p"}
POSTER_WIDTH = 1280
# How far into the video the poster is taken: the very first frame is often black.
POSTER_AT = 0.1
FRAMES_TRIED = 240


@dataclass(frozen=True, slots=True)
class Facts:
    """What a recording file contains. `duration` in seconds; width and height in pixels as players show it,
    upright; 0 for sound.
    """

    kind: str
    content_type: str
    suffix: str
    duration: float
    width: int = 0
    height: int = 0


def probe(file: File[Any]) -> Facts:
    """Return what `file` contains, and leave the file at its start.

    Raises ValidationError that says what to convert the file to when browsers would not play it.
    """
    name = PurePosixPath((file.name or "recording").replace("\\", "/")).name
    file.seek(0)
    start = bytes(file.read(64))
    file.seek(0)
    if not start:
        raise ValidationError(
            _("“%(name)s” is empty. Copy it again from the device that recorded it.") % {"name": name},
            code="empty",
        )
    container = _container(start)
    if container is None:
        raise ValidationError(
            _not_played(name, _("It is not a recording that browsers can play.")), code="not_a_recording"
        )
    can_be_checked = container != "mp3" or states_length(file)
    try:
        with av.open(_unclosing(file), mode="r", format=_ffmpeg_format(container)) as opened:
            facts = _facts(opened, container, name)
            if can_be_checked:
                _check_end(cut_off(opened, facts.duration, file, container), name)
            return facts
    except ValidationError:
        raise
    # FFmpeg's errors have many classes, and some broken files raise plain ValueError or IndexError.
    except Exception as error:
        logger.info("Recording %s refused: %r", name, error)
        raise ValidationError(
            _(
                "“%(name)s” is damaged or incomplete: it cannot be opened. Export it again from the program "
                "it was made with, as MP4 or MP3, and upload that."
            )
            % {"name": name},
            code="broken",
        ) from error
    finally:
        file.seek(0)


def poster(file: File[Any]) -> ContentFile[bytes] | None:
    """Return a JPEG of a frame about a tenth into the video `file`; None if no frame can be read."""
    file.seek(0)
    container = _container(bytes(file.read(64)))
    file.seek(0)
    try:
        with av.open(_unclosing(file), mode="r", format=_ffmpeg_format(container or "")) as opened:
            stream = opened.streams.video[0]
            stream.thread_type = "AUTO"
            wanted = (opened.duration or 0) / 1_000_000 * POSTER_AT
            if wanted > 1:
                opened.seek(int(wanted * 1_000_000))
            frame: Any = None
            # Seeking stops at an earlier key frame: decode up to the wanted time, but not for ever.
            for tried, frame in enumerate(opened.decode(stream)):
                if (frame.time or 0) >= wanted or tried >= FRAMES_TRIED:
                    break
            if frame is None:
                return None
            picture = _upright(frame)
    except Exception as error:
        logger.warning("No poster from %s: %r", file.name, error)
        return None
    finally:
        file.seek(0)
    picture.thumbnail((POSTER_WIDTH, POSTER_WIDTH))
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=80, optimize=True, progressive=True)
    return ContentFile(out.getvalue(), name="poster.jpg")


def _container(start: bytes) -> str | None:
    """Return the container format by the first bytes. FFmpeg would guess instead, and open playlists."""
    if start[4:8] == b"ftyp":
        return "mp4"
    if start.startswith(b"\x1a\x45\xdf\xa3"):
        return "webm" if b"webm" in start else None
    if start.startswith(b"OggS"):
        return "ogg"
    if start.startswith(b"RIFF") and start[8:12] == b"WAVE":
        return "wav"
    if start.startswith(b"ID3") or (len(start) > 1 and start[0] == 0xFF and start[1] & 0xE6 == 0xE2):
        return "mp3"
    return None


def _ffmpeg_format(container: str) -> str:
    return "matroska" if container == "webm" else container


def _facts(opened: Any, container: str, name: str) -> Facts:
    sounds = list(opened.streams.audio)
    pictures = [stream for stream in opened.streams.video if not is_cover(stream)]
    for streams, playable, what in (
        (pictures, VIDEO_CODECS.get(container, set()), _("pictures")),
        (sounds, AUDIO_CODECS[container], _("sound")),
    ):
        for stream in streams:
            codec = stream.codec_context.name
            if ALIASES.get(codec, codec) not in playable:
                reason = _("Its %(what)s are encoded as “%(codec)s”, which not all browsers play.")
                raise ValidationError(
                    _not_played(name, reason % {"what": what, "codec": codec}), code="codec"
                )
    if not pictures and not sounds:
        raise ValidationError(_not_played(name, _("It contains neither pictures nor sound.")), code="empty")
    first = (pictures or sounds)[0]
    frame = next(opened.decode(first), None)
    if frame is None:
        raise ValueError("not one frame can be decoded")
    suffix, video_type, audio_type = CONTAINERS[container]
    duration = _duration(opened, first)
    if pictures:
        if first.codec_context.name == "h264" and first.codec_context.pix_fmt not in H264_PIXELS:
            reason = _("Its pictures are stored as “%(pixels)s”, which not all browsers show.")
            raise ValidationError(
                _not_played(name, reason % {"pixels": first.codec_context.pix_fmt}), code="codec"
            )
        return Facts("video", video_type, suffix, duration, *_shown_size(first, frame))
    return Facts("audio", audio_type, ".m4a" if container == "mp4" else suffix, duration)


def _check_end(found: tuple[float, float] | None, name: str) -> None:
    if found:
        stated, end = (clock(round(seconds)) for seconds in found)
        message = _(
            "“%(name)s” was cut off: it says that it lasts %(stated)s, but ends after %(end)s. Copy it again "
            "from the device that recorded it. If this is all there is, export it again and upload that."
        )
        raise ValidationError(message % {"name": name, "stated": stated, "end": end}, code="cut_off")


def _turn(frame: Any) -> int:
    """Return by how many degrees players turn the pictures counter-clockwise: 0, 90, 180 or 270.

    A phone stores its films as its sensor lies, and says how it was held.
    """
    return round(frame.rotation / 90) * 90 % 360


def _shown_size(stream: Any, frame: Any) -> tuple[int, int]:
    width, height = round(frame.width * float(stream.sample_aspect_ratio or 1)), frame.height
    return (height, width) if _turn(frame) % 180 else (width, height)


def _upright(frame: Any) -> Image.Image:
    picture: Image.Image = frame.to_image()
    return picture.rotate(_turn(frame), expand=True) if _turn(frame) else picture


def _duration(opened: Any, stream: Any) -> float:
    """Return the length in seconds; for recordings made in a browser, which do not state it, from the
    packets.
    """
    if opened.duration and opened.duration > 0:
        return round(opened.duration / 1_000_000, 3)
    if stream.duration and stream.time_base:
        return round(float(stream.duration * stream.time_base), 3)
    end = 0.0
    for packet in opened.demux(stream):
        if packet.pts is not None and packet.time_base:
            end = max(end, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    return round(end, 3)


def _not_played(name: str, reason: str) -> str:
    return _(
        "“%(name)s” cannot be used. %(reason)s Convert video to MP4 (H.264 pictures, AAC sound) or WebM, "
        "sound to MP3, M4A or Ogg Opus, and upload that."
    ) % {"name": name, "reason": reason}


class _Unclosing(io.RawIOBase):
    """The uploaded file as FFmpeg reads it: FFmpeg neither closes it nor sees its name."""

    def __init__(self, file: File[Any]) -> None:
        self.file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return bytes(self.file.read(size))

    def seek(self, offset: int, whence: int = 0) -> int:
        self.file.seek(offset, whence)
        return int(self.file.tell())

    def tell(self) -> int:
        return int(self.file.tell())


def _unclosing(file: File[Any]) -> _Unclosing:
    return _Unclosing(file)
