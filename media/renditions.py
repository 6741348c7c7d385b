"""Pictures as pages show them: all sizes of a preset, with their addresses."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import NamedTuple

from django.db.models import prefetch_related_objects
from wagtail.images.models import SourceImageIOError

from imaging.presets import AHEAD, PRESETS, specs_by_format, specs_of
from media.events import sizes_missing
from media.file_urls import shows_private_files
from media.making import filter_of
from media.models import Picture, Rendition
from media.public_copies import write_renditions
from media.publishable import public_address, public_name_of, public_prefix
from queries.prepared import Prepared

logger = logging.getLogger(__name__)

# The attribute in which a picture keeps the sizes that were found.
KEPT = "_sizes_found"


@dataclass(slots=True)
class PictureSource:
    """One <source> of a <picture>."""

    type: str
    srcset: str


@dataclass(slots=True)
class Shown:
    """One size with the address at which the reader of the page fetches it; width and height in pixels."""

    url: str
    width: int
    height: int


@dataclass(slots=True)
class Responsive:
    """What a <picture> needs. `fallback` is for its <img>."""

    sources: tuple[PictureSource, ...]
    fallback: Shown
    sizes: str


class SizeRow(NamedTuple):
    """What a page needs of a row of Rendition. A model's instance for each would take ten times as long."""

    pk: int
    image_id: int
    filter_spec: str
    focal_point_key: str
    width: int
    height: int
    file_size: int | None
    file: str
    public_name: str


# The sizes of one picture, by specification and key.
Sizes = dict[tuple[str, str], SizeRow]


# For pages --------------------------------------------------------------------------------------------------


def responsive(picture: Picture, preset: str) -> Responsive | None:
    """Return `picture` in `preset` for the reader of the page being rendered.

    For a preview, missing sizes are made now. A visitor gets those that exist, and the task worker is asked
    for the others: a visitor's request never decodes or encodes a picture. None if the picture may not be
    seen, or none of its sizes exists.
    """
    if not picture.can_be_seen:
        return None
    specs = specs_by_format(preset, transparent=picture.transparent)
    shown = _private(picture, specs) if shows_private_files() else _public(picture, preset, specs)
    if not shown:
        return None
    *modern, last = specs
    fallback = next((shown[spec] for spec in specs[last] if spec in shown), None) or max(
        shown.values(), key=lambda size: size.width
    )
    sources = tuple(
        PictureSource(f"image/{file_format}", srcset)
        for file_format in modern
        if (srcset := _srcset(shown[spec] for spec in specs[file_format] if spec in shown))
    )
    return Responsive(sources, fallback, PRESETS[preset].sizes if preset in PRESETS else "")


def prefetch(pictures: Iterable[Picture | None]) -> None:
    """Find the sizes of all `pictures` with one query, for `responsive`.

    Pictures that the page may not show are left out.
    """
    present = [picture for picture in pictures if picture is not None and picture.can_be_seen]
    if not present:
        return
    if shows_private_files():
        prefetch_related_objects(present, "renditions")
    else:
        _find(present)


def _srcset(sizes: Iterable[Shown]) -> str:
    by_width = {size.width: size.url for size in sizes}
    return ", ".join(f"{url} {width}w" for width, url in by_width.items())


def _private(picture: Picture, specs: Mapping[str, tuple[str, ...]]) -> dict[str, Shown]:
    made = _made(picture, [spec for of_format in specs.values() for spec in of_format])
    found = {spec: Shown(size.url, size.width, size.height) for spec, size in made.items()}
    return _without_useless(found, specs, {spec: size.file_size for spec, size in made.items()})


def _public(picture: Picture, preset: str, specs: Mapping[str, tuple[str, ...]]) -> dict[str, Shown]:
    kept: Sizes | None = picture.__dict__.get(KEPT)
    if kept is None:
        kept = _find([picture])[picture.pk]
    keys = _keys(
        preset,
        picture.transparent,
        picture.focal_point_x,
        picture.focal_point_y,
        picture.focal_point_width,
        picture.focal_point_height,
    )
    rows = {key[0]: kept[key] for key in keys if key in kept}
    if len(rows) < len(keys):
        sizes_missing.send(sender=Picture, picture=picture, presets=[preset])
    if not rows:
        return _any_size(picture)
    found = _with_addresses(picture, rows)
    return _without_useless(found, specs, {spec: row.file_size for spec, row in rows.items()})


@lru_cache(maxsize=1024)
def _keys(  # noqa: PLR0917 - what a key depends on
    preset: str, transparent: bool, x: int | None, y: int | None, width: int | None, height: int | None
) -> tuple[tuple[str, str], ...]:
    """Return the sizes of a picture whose focal point is there, each with its key, as Wagtail makes it."""
    specs = specs_by_format(preset, transparent=transparent).values()
    picture = SimpleNamespace(
        focal_point_x=x, focal_point_y=y, focal_point_width=width, focal_point_height=height
    )
    return tuple((spec, filter_of(spec).get_cache_key(picture)) for of_format in specs for spec in of_format)


def _without_useless(
    found: dict[str, Shown], specs: Mapping[str, tuple[str, ...]], bytes_of: Mapping[str, int | None]
) -> dict[str, Shown]:
    """Leave out AVIF unless every file exists and is smaller than the WebP of the same size."""
    for avif, webp in zip(specs.get("avif", ()), specs.get("webp", ()), strict=True):
        if avif not in found or (bytes_of.get(avif) or 0) >= (bytes_of.get(webp) or math.inf):
            return {spec: size for spec, size in found.items() if spec not in specs["avif"]}
    return found


def _any_size(picture: Picture) -> dict[str, Shown]:
    """Return the largest size for visitors that exists, whatever page it was made for."""
    of_visitors = Rendition.objects.filter(image=picture, filter_spec__contains="|format-")
    rows = [SizeRow(*values) for values in of_visitors.values_list(*SizeRow._fields)]
    keys = {spec: filter_of(spec).get_cache_key(picture) for spec in {row.filter_spec for row in rows}}
    fitting = [row for row in rows if row.focal_point_key == keys[row.filter_spec] and row.public_name]
    # Every browser shows JPEG and PNG.
    fitting.sort(key=lambda row: (row.filter_spec.endswith(("jpeg", "png")), row.width))
    return _with_addresses(picture, {row.filter_spec: row for row in fitting[-1:]})


def _with_addresses(picture: Picture, rows: Mapping[str, SizeRow]) -> dict[str, Shown]:
    """Return the sizes with public addresses. Copies that do not exist yet are written now."""
    kind, folder, address = picture.PUBLIC_KIND, picture.public_folder, public_address()
    names = {
        spec: public_name_of(row.public_name, public_prefix(kind, folder, row.file))
        for spec, row in rows.items()
    }
    if missing := [rows[spec].pk for spec, name in names.items() if not name]:
        written = list(Rendition.objects.filter(pk__in=missing, image=picture))
        for size in written:
            size.image = picture
        write_renditions(picture, written)
        names |= {size.filter_spec: size.part.public_name for size in written}
    return {
        spec: Shown(address(name), rows[spec].width, rows[spec].height)
        for spec, name in names.items()
        if name
    }


def _find(pictures: Sequence[Picture]) -> dict[int, Sizes]:
    """Read all sizes of `pictures`, keep them on the pictures, and return them by picture.

    A picture has two dozen sizes at most. To look for some of them by name takes longer than to read all.
    """
    found: dict[int, Sizes] = {picture.pk: {} for picture in pictures}
    for row in map(SizeRow._make, _sizes_of(pictures=list(found))):
        found[row.image_id][row.filter_spec, row.focal_point_key] = row
    for picture in pictures:
        picture.__dict__[KEPT] = found[picture.pk]
    return found


_sizes_of = Prepared(
    lambda pictures: Rendition.objects.filter(image__in=pictures).values_list(*SizeRow._fields)
)


# Making -----------------------------------------------------------------------------------------------------


def make(pictures: Iterable[Picture], presets: Iterable[str] = AHEAD, *, without_avif: bool = False) -> int:
    """Make the missing sizes of `pictures` in `presets`, published or not, and return how many.

    The files are private. One query for pictures that lack nothing. `without_avif` leaves out the files that
    take longest and that no browser depends on. Do not call this while others wait for the transaction.
    """
    presets, pictures = list(presets), list(pictures)
    if not pictures:
        return 0
    found, made = _find(pictures), 0
    for picture in pictures:
        rows, specs = found[picture.pk], specs_of(presets, transparent=picture.transparent)
        missing = [
            spec
            for spec in specs
            if (spec, filter_of(spec).get_cache_key(picture)) not in rows
            and not (without_avif and spec.endswith("avif"))
        ]
        if missing:
            picture.__dict__.pop(KEPT, None)
            made += len(_made(picture, missing))
    return made


def _made(picture: Picture, specs: list[str]) -> dict[str, Rendition]:
    try:
        return picture.get_renditions(*map(filter_of, specs))
    except (SourceImageIOError, OSError) as error:
        # A lost file must not break the page.
        logger.warning("Picture %s cannot be shown: %s", picture.pk, error)
        return {}
