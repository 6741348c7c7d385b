"""Makes the files of a picture's sizes: Wagtail says which part and how large, `imaging` makes the pixels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from typing import IO, Any

from django.conf import settings
from wagtail.images.image_operations import FormatOperation, TransformOperation
from wagtail.images.models import Filter

from imaging.encoding import SUFFIXES, encoded
from imaging.sizes import Size, Source

# The longest name of a file that Wagtail gives to a size.
LONGEST_NAME = 59


@dataclass(frozen=True, slots=True)
class NewFile:
    """The file of one size. `width`, `height`: in pixels."""

    content: bytes
    suffix: str
    width: int
    height: int


@cache
def filter_of(spec: str) -> Filter:
    """Return Wagtail's filter for `spec`. It is kept, because Wagtail parses it each time it is asked."""
    return Filter(spec=spec)


def is_special(filter_: Filter) -> bool:
    """Return whether a filter does more than cut, scale and choose one of our formats."""
    return not all(
        isinstance(operation, TransformOperation)
        or (isinstance(operation, FormatOperation) and operation.format in SUFFIXES and not operation.options)
        for operation in filter_.operations
    )


def new_files(picture: Any, file: IO[bytes], filters: Iterable[Filter]) -> Iterator[tuple[Filter, NewFile]]:
    """Yield each of `filters` with its file, made of one decoding of `file`, the picture's original.

    Raises OSError and other errors of decoders for a damaged file.
    """
    source = Source(file)
    wanted: dict[Size, list[Filter]] = {}
    for filter_ in filters:
        wanted.setdefault(size_of(filter_, picture, source.size), []).append(filter_)
    for size, pixels in source.scaled(wanted):
        # Filters that ask for more than a small picture has give the same file.
        files: dict[str, NewFile] = {}
        for filter_ in wanted[size]:
            file_format = _format_of(filter_, source)
            if file_format not in files:
                content = encoded(pixels, file_format, quality_of(file_format))
                files[file_format] = NewFile(content, SUFFIXES[file_format], *pixels.size)
            yield filter_, files[file_format]


def size_of(filter_: Filter, picture: Any, original: tuple[int, int]) -> Size:
    """Return which part of `picture` a filter shows, and how large, as Wagtail computes it."""
    transform = filter_.get_transform(picture, original)
    part = transform.get_rect().round()
    width, height = original
    box = (max(0, part.left), max(0, part.top), min(part.right, width), min(part.bottom, height))
    return Size(box, int(transform.size[0]), int(transform.size[1]))


def _format_of(filter_: Filter, source: Source) -> str:
    chosen = next(
        (operation.format for operation in filter_.operations if isinstance(operation, FormatOperation)), ""
    )
    # Where no format is named, the admin's sizes keep the original's.
    return chosen or (source.file_format if source.file_format in SUFFIXES else "png")


def quality_of(file_format: str) -> int:
    """Return the quality that the settings choose for a format, from 0 to 100."""
    return int(getattr(settings, f"WAGTAILIMAGES_{file_format.upper()}_QUALITY", 80))


def file_name(original: str, spec: str, key: str, suffix: str) -> str:
    """Return a name for the file of a size: the original's, then what was done."""
    ending = ".".join(filter(None, (key, spec.replace("|", ".")))) + suffix
    return f"{PurePosixPath(original).stem[: LONGEST_NAME - len(ending)]}.{ending}"
