"""Checks an uploaded picture, and keeps only its pixels.

The file is decoded and encoded again. Position, camera, author, comments and anything else hidden in it are
removed; the rotation that the camera recorded is applied; colours are converted to sRGB.
"""

from __future__ import annotations

import logging
import tempfile
import warnings
from pathlib import PurePosixPath
from typing import IO, Any

import pillow_heif
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, JpegImagePlugin

from imaging.colours import in_srgb

logger = logging.getLogger(__name__)
pillow_heif.register_heif_opener()

# The only Pillow readers that are used for uploads. A camera's MPO is read as the JPEG it begins with: Pillow
# cannot be asked for MPO.
READ = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "HEIF")
SUFFIXES = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}
ACCEPTED = "JPEG, PNG, WebP, AVIF, GIF, HEIC"
LONGEST_SIDE = 16_000
# Formats in which a camera keeps several pictures, such as a burst. The main one is taken.
STILLS = {"MPO", "HEIF"}
# How much of a HEIF file is searched for the boxes that turn its picture. They stand at its beginning.
HEIF_HEAD = 1_000_000
ORIENTATION = 0x0112


# Bytes. A larger copy is written to a temporary file: 64 million pixels may need 100 MB as PNG.
MOST_IN_MEMORY = 4 * 1024 * 1024


class CleanPicture(File[bytes]):
    """A picture file that `clean_picture` wrote: safe to store as it is."""

    def __init__(self, file: IO[bytes], name: str, *, width: int, height: int, transparent: bool) -> None:
        super().__init__(file, name=name)
        self.width, self.height, self.transparent = width, height, transparent
        self.content_type = f"image/{PurePosixPath(name).suffix.removeprefix('.').replace('jpg', 'jpeg')}"


def clean_picture(file: File[Any]) -> CleanPicture:
    """Return a clean copy of the uploaded picture `file`: JPEG, PNG or WebP in sRGB, upright, without
    metadata.

    Raises ValidationError that says what is wrong and how to fix it. The size is read from the header, so
    that a picture with too many pixels is refused before it is decoded.
    """
    if isinstance(file, CleanPicture):
        return file
    name = PurePosixPath((file.name or "picture").replace("\\", "/")).name
    limit = settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE
    if file.size > limit:
        raise ValidationError(
            _("“%(name)s” is %(size)s; the limit is %(limit)s. Make it smaller and upload it again.")
            % {"name": name, "size": filesizeformat(file.size), "limit": filesizeformat(limit)},
            code="file_too_large",
        )
    file.seek(0)
    head = bytes(file.read(HEIF_HEAD))
    file.seek(0)
    with _open(file, name) as picture:
        _check_size(picture, name)
        if picture.format == "HEIF" and b"irot" not in head and b"imir" not in head:
            # The format turns pictures by boxes of its own, and the tag beside them is only a copy. Where a
            # program has left the boxes out, the tag is all that says how the camera was held.
            picture.getexif()[ORIENTATION] = picture.info.get("original_orientation") or 1
        if getattr(picture, "n_frames", 1) > 1 and picture.format not in STILLS:
            raise ValidationError(
                _("“%(name)s” is animated. Upload it as a video, or save one frame of it as a picture.")
                % {"name": name},
                code="animated",
            )
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                cleaned = _encoded_again(picture, name)
        # Decoders raise all kinds of errors on broken data. The editor gets a message, the log the cause.
        except Exception as error:
            logger.info("Picture %s refused: %r", name, error)
            raise ValidationError(
                _(
                    "“%(name)s” is damaged or incomplete. "
                    "Open it on your computer, save it again as JPEG or PNG, and upload that."
                )
                % {"name": name},
                code="broken",
            ) from error
    return cleaned


def _open(file: IO[Any], name: str) -> Image.Image:
    start = bytes(file.read(4096))
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return Image.open(file, formats=READ)
    except Image.DecompressionBombError as error:
        raise _too_many_pixels(name) from error
    except Exception as error:
        logger.info("Picture %s refused: %r", name, error)
        raise ValidationError(_why_not_a_picture(name, start), code="invalid_image") from error


def _why_not_a_picture(name: str, start: bytes) -> str:
    text = start.lstrip(b"\xef\xbb\xbf\x00 \t\r\n").lower()
    if text.startswith(b"<") and b"<svg" in text:
        return _(
            "“%(name)s” is an SVG drawing. SVG is not accepted, because it can contain programs. "
            "Export it as PNG and upload that."
        ) % {"name": name}
    if start.startswith((b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF")):
        return _(
            "“%(name)s” is damaged: it begins like a picture but cannot be read. "
            "Save it again as JPEG or PNG."
        ) % {"name": name}
    if not start:
        return _("“%(name)s” is empty. Copy it again from the device that took it.") % {"name": name}
    if start.startswith((b"II*\x00", b"MM\x00*")):
        return _(
            "“%(name)s” is a TIFF picture, which browsers do not show. Save it as JPEG or PNG, "
            "and upload that."
        ) % {"name": name}
    return _("“%(name)s” is not a picture, in spite of its name. Upload a picture as %(accepted)s.") % {
        "name": name,
        "accepted": ACCEPTED,
    }


def _too_many_pixels(name: str, size: tuple[int, int] | None = None) -> ValidationError:
    limit = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS // 1_000_000
    values = {"name": name, "limit": limit, "side": LONGEST_SIDE}
    if size is None:
        text = _("“%(name)s” has too many pixels.") % values
    else:
        text = _("“%(name)s” has too many pixels: %(width)s × %(height)s.") % {
            **values,
            "width": size[0],
            "height": size[1],
        }
    advice = _(
        "A picture may have at most %(limit)s million pixels and %(side)s pixels on each side. "
        "Make it smaller, for example 4000 pixels wide, and upload it again."
    )
    return ValidationError(f"{text} {advice % values}", code="file_too_many_pixels")


def _check_size(picture: Image.Image, name: str) -> None:
    width, height = picture.size
    if width * height > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS or max(width, height) > LONGEST_SIDE:
        raise _too_many_pixels(name, (width, height))


def _encoded_again(picture: Image.Image, name: str) -> CleanPicture:
    transparent = picture.has_transparency_data
    written_as = {"PNG": "PNG", "GIF": "PNG", "WEBP": "WEBP"}.get(
        picture.format or "", "PNG" if transparent else "JPEG"
    )
    tables, sampling = getattr(picture, "quantization", None), None
    if picture.format in {"JPEG", "MPO"}:
        from_jpeg = getattr(picture, "layers", 0) == 3 and picture.mode == "RGB"
        sampling = _sampling(picture) if from_jpeg else None
    picture.load()
    upright = ImageOps.exif_transpose(picture)
    plain = in_srgb(upright, transparent=transparent)
    plain.info = {}
    # The picture that is returned owns the file.
    out: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=MOST_IN_MEMORY)  # noqa: SIM115
    if written_as == "JPEG":
        # With the tables of the original file, the copy looks the same and is not larger.
        if sampling is not None and tables:
            plain.save(out, "JPEG", qtables=tables, subsampling=sampling, optimize=True)
        else:
            plain.save(out, "JPEG", quality=92, optimize=True)
    elif written_as == "PNG":
        plain.save(out, "PNG")
    else:
        plain.save(out, "WEBP", quality=90, method=4, exact=False)
    out.seek(0)
    return CleanPicture(
        out,
        f"{PurePosixPath(name).stem}{SUFFIXES[written_as]}",
        width=plain.width,
        height=plain.height,
        transparent=transparent,
    )


def _sampling(picture: Image.Image) -> int | None:
    sampling = JpegImagePlugin.get_sampling(picture)
    return sampling if sampling in {0, 1, 2} else None
