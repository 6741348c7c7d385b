"""Pictures inside of documents: the text beside their pixels, and copies without it. Pure."""

from __future__ import annotations

import io
import re
import struct
import warnings
from collections.abc import Iterator

from PIL import ExifTags, Image

# Of a JPEG: what the pixels need. Everything else (EXIF, XMP, comments, previews) is left out.
_ICC, _ADOBE, _JFIF = 0xE2, 0xEE, 0xE0
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = {
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"pHYs",
    b"bKGD",
}  # fmt: skip
MOST_PIXELS = 64_000_000
RUN = re.compile(rb"[\x20-\x7e\xa0-\xff]{4,}")
WIDE_RUN = re.compile(rb"(?:[\x20-\x7e\xa0-\xff]\x00){4,}")
MOST_STRINGS = 200_000


def metadata_words(data: bytes) -> str:
    """Return the text in the metadata of a picture, '' for a picture that cannot be opened."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(data)) as picture:
                words = [_text(value) for value in picture.info.values() if isinstance(value, str | bytes)]
                exif = picture.getexif()
                tables = [exif, *(exif.get_ifd(one) for one in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo))]
                words += [_text(value) for table in tables for value in table.values()]
        # Decoders raise all kinds of errors on broken data; the bytes themselves are searched then.
        except Exception:
            return strings_of(data)
    return " · ".join(filter(None, words))


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return strings_of(value)
    return value if isinstance(value, str) else ""


def strings_of(data: bytes) -> str:
    """Return what looks like text in binary data: runs of four characters or more, of one or two bytes."""
    data = data[: 8 * 1024 * 1024]
    found = [run.decode("latin-1") for run in RUN.findall(data)]
    found += [run.decode("utf-16-le", "replace") for run in WIDE_RUN.findall(data)]
    return " ".join(found)[:MOST_STRINGS]


def without_metadata(data: bytes) -> bytes | None:
    """Return the picture with the same pixels and without any metadata; None if it cannot be cleaned."""
    try:
        if data.startswith(b"\xff\xd8"):
            return b"\xff\xd8" + b"".join(_jpeg_parts(data))
        if data.startswith(PNG_SIGNATURE):
            return PNG_SIGNATURE + b"".join(_png_chunks(data))
        return _encoded_again(data)
    # As above: a picture that cannot be decoded is left out of the copy.
    except Exception:
        return None


def _jpeg_parts(data: bytes) -> Iterator[bytes]:
    """Yield the segments of a JPEG that its pixels need, up to the end of its first picture."""
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise ValueError("damaged")
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xD9:
            break
        end = at + 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
        segment = data[at:end]
        if marker == 0xDA:
            end = _end_of_scan(data, end)
            yield data[at:end]
        elif _is_needed(marker, segment):
            yield segment
        at = end
    yield b"\xff\xd9"


def _is_needed(marker: int, segment: bytes) -> bool:
    if marker == _JFIF:
        # The segment may contain a preview; JFIF's own has 18 bytes.
        return segment[4:9] == b"JFIF\0" and len(segment) == 18
    if marker == _ICC:
        return segment[4:16] == b"ICC_PROFILE\0"
    if marker == _ADOBE:
        return segment[4:9] == b"Adobe" and len(segment) <= 18
    return not (0xE0 <= marker <= 0xEF or marker == 0xFE)


def _end_of_scan(data: bytes, at: int) -> int:
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return len(data)
        if data[at + 1] == 0 or 0xD0 <= data[at + 1] <= 0xD7:
            at += 2
        elif data[at + 1] == 0xFF:
            at += 1
        else:
            return at


def _png_chunks(data: bytes) -> Iterator[bytes]:
    at = len(PNG_SIGNATURE)
    while at + 12 <= len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        if kind in _PNG_KEPT:
            yield data[at : at + 12 + size]
        if kind == b"IEND":
            return
        at += 12 + size
    raise ValueError("cut off")


def _encoded_again(data: bytes) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > MOST_PIXELS or picture.format not in {
                "GIF",
                "TIFF",
                "BMP",
                "WEBP",
            }:
                raise ValueError("not a picture that can be cleaned")
            kind, frames = picture.format, getattr(picture, "n_frames", 1)
            kept = {
                key: picture.info[key] for key in ("duration", "loop", "transparency") if key in picture.info
            }
            picture.load()
            picture.info = {}
            out = io.BytesIO()
            if kind == "TIFF":
                plain = Image.frombytes(picture.mode, picture.size, picture.tobytes(), "raw", picture.mode)
                plain.save(out, "TIFF", compression="tiff_lzw")
            elif frames > 1 and kind in {"GIF", "WEBP"}:
                picture.save(out, kind, save_all=True, comment=b"", **kept)
            else:
                plain = picture.copy()
                plain.info = {}
                plain.save(
                    out,
                    kind,
                    **(
                        {"transparency": kept["transparency"]}
                        if "transparency" in kept and kind == "GIF"
                        else {}
                    ),
                )
    return out.getvalue()
