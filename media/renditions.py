"""The sizes and formats in which the site shows pictures."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO

from django.db.models import prefetch_related_objects
from PIL import Image
from wagtail.images.models import SourceImageIOError

from media.file_urls import shows_private_files
from media.models import Picture, Rendition
from media.public_copies import write_renditions

logger = logging.getLogger(__name__)


# Pillow's default, 6, takes four times as long for files of the same size. Willow cannot pass a speed on.
AVIF_SPEED = 8


def encode_avif_fast() -> None:
    """Make `AVIF_SPEED` the default speed of every AVIF that Pillow writes."""
    Image.init()
    save = Image.SAVE["AVIF"]

    def save_fast(picture: Image.Image, file: IO[bytes], filename: str | bytes) -> None:
        picture.encoderinfo.setdefault("speed", AVIF_SPEED)
        save(picture, file, filename)

    Image.register_save("AVIF", save_fast)


@dataclass(frozen=True, slots=True)
class Preset:
    """How a picture is cut and how wide: `small` for phones, `large` for desktops and sharp screens."""

    small: str
    large: str
    sizes: str

    def specs(self, *, transparent: bool = False) -> dict[str, tuple[str, ...]]:
        """Return Wagtail filter specs by format, best first. The last, for old browsers, has one size."""
        fallback = "png" if transparent else "jpeg"
        return {
            "avif": (f"{self.small}|format-avif", f"{self.large}|format-avif"),
            "webp": (f"{self.small}|format-webp", f"{self.large}|format-webp"),
            fallback: (f"{self.large}|format-{fallback}",),
        }


PRESETS: dict[str, Preset] = {
    "card": Preset("fill-400x300", "fill-800x600", "(min-width: 56em) 24rem, (min-width: 40em) 45vw, 92vw"),
    "cover": Preset("fill-640x480", "fill-1280x960", "(min-width: 56em) 36rem, 100vw"),
    "figure": Preset("width-600", "width-1200", "(min-width: 44em) 37rem, 92vw"),
    "poster": Preset("fill-640x360", "fill-1280x720", "(min-width: 56em) 48rem, 100vw"),
}
# Networks that show a card for a shared link take JPEG, 1200 x 630.
SOCIAL = "fill-1200x630|format-jpeg"
AHEAD: tuple[str, ...] = ("card", "cover", "figure")


@dataclass(frozen=True, slots=True)
class PictureSource:
    """One <source> of a <picture>."""

    type: str
    srcset: str


@dataclass(frozen=True, slots=True)
class Responsive:
    """What a <picture> needs. `fallback` is for its <img>."""

    sources: tuple[PictureSource, ...]
    fallback: Rendition
    sizes: str


def responsive(picture: Picture, preset: str) -> Responsive | None:
    """Return the renditions of `picture` for `preset`, made now where missing.

    None if the file cannot be read, and for visitors if the picture is not published.
    """
    if not picture.can_be_seen:
        return None
    if preset == "social":
        made = _renditions(picture, [SOCIAL])
        return Responsive((), made[SOCIAL], "") if made else None
    by_format = PRESETS[preset].specs(transparent=picture.transparent)
    made = _renditions(picture, [spec for specs in by_format.values() for spec in specs])
    if not made:
        return None
    *modern, last = by_format
    sources = tuple(
        PictureSource(f"image/{format_}", _srcset([made[spec] for spec in by_format[format_]]))
        for format_ in modern
    )
    return Responsive(sources, made[by_format[last][0]], PRESETS[preset].sizes)


def prefetch(pictures: Iterable[Picture | None], presets: Sequence[str] = AHEAD) -> None:
    """Fetch the renditions of all `pictures` with one query, and make those of `presets` that are missing.

    Afterwards `{% responsive_picture %}` needs no query for these instances. Pictures that the page may not
    show are left out.
    """
    present = [picture for picture in pictures if picture is not None and picture.can_be_seen]
    if not present:
        return
    prefetch_related_objects(present, "renditions")
    for picture in present:
        for preset in presets:
            responsive(picture, preset)


def make(picture: Picture, presets: Sequence[str] = AHEAD) -> None:
    """Make the missing renditions of `presets`, published or not. They are private."""
    prefetch_related_objects([picture], "renditions")
    for preset in presets:
        specs = PRESETS[preset].specs(transparent=picture.transparent).values()
        _made(picture, [spec for of_format in specs for spec in of_format])


def _renditions(picture: Picture, specs: list[str]) -> dict[str, Rendition]:
    """Return all of them, or none if the reader of the page cannot fetch them all."""
    made = _made(picture, specs)
    if shows_private_files():
        return made
    write_renditions(picture, made.values())
    return made if all(size.part.public_name for size in made.values()) else {}


def _made(picture: Picture, specs: list[str]) -> dict[str, Rendition]:
    try:
        return picture.get_renditions(*specs)
    except (SourceImageIOError, OSError) as error:
        # A lost file must not break the page.
        logger.warning("Picture %s cannot be shown: %s", picture.pk, error)
        return {}


def _srcset(renditions: Sequence[Rendition]) -> str:
    by_width = {rendition.width: rendition.url for rendition in renditions}
    return ", ".join(f"{url} {width}w" for width, url in by_width.items())
