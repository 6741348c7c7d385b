"""All sizes of a picture from one decoding.

A JPEG file is decoded at the smallest of its own scales (1, 1/2, 1/4, 1/8) that has enough pixels for every
size wanted. Each smaller size is then scaled down from a larger one that shows its whole part of the picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from PIL import Image, ImageOps

from imaging.colours import in_srgb

Box = tuple[int, int, int, int]

UPRIGHT = 1
ORIENTATION = 0x0112
# A size that is scaled down from another one loses nothing visible if it has at most two thirds of its width.
CLEAR_STEP = 1.5


@dataclass(frozen=True, slots=True)
class Size:
    """A part of the upright picture, in its pixels (left, top, right, bottom), and how large it is shown."""

    box: Box
    width: int
    height: int

    @property
    def reduction(self) -> float:
        """How many pixels of the picture become one, at least, in one direction."""
        left, top, right, bottom = self.box
        return min((right - left) / self.width, (bottom - top) / self.height)

    def within(self, other: Size) -> bool:
        """Return whether `other` shows everything that this size shows."""
        return all(outer <= inner for outer, inner in zip(other.box[:2], self.box[:2], strict=True)) and all(
            outer >= inner for outer, inner in zip(other.box[2:], self.box[2:], strict=True)
        )


class Source:
    """A picture file whose header has been read. Nothing is decoded before `scaled` is called."""

    def __init__(self, file: IO[bytes]) -> None:
        """Raise UnidentifiedImageError, an OSError, for what is not a picture."""
        self._picture: Any = Image.open(file)
        self.file_format: str = str(self._picture.format).lower().replace("mpo", "jpeg")
        self._turned = self._picture.getexif().get(ORIENTATION, UPRIGHT) != UPRIGHT
        width, height = self._picture.size
        sideways = self._turned and self._picture.getexif()[ORIENTATION] in {5, 6, 7, 8}
        self.size: tuple[int, int] = (height, width) if sideways else (width, height)

    def scaled(self, sizes: Iterable[Size]) -> Iterator[tuple[Size, Image.Image]]:
        """Yield each of `sizes` once, largest first, with its pixels as RGB or RGBA.

        Can be called once. Raises OSError and other errors of decoders for damaged files.
        """
        wanted = sorted(set(sizes), key=lambda size: size.reduction)
        if not wanted:
            return
        layers = [self._decoded(wanted[0].reduction)]
        for size in wanted:
            picture = min(
                (layer for layer in layers if layer.serves(size)), key=lambda layer: layer.pixels_for(size)
            ).cut(size)
            layers.append(_Layer(size, picture))
            yield size, picture

    def _decoded(self, reduction: float) -> _Layer:
        width, height = self.size
        factor = 1
        if self.file_format == "jpeg" and not self._turned:
            factor = next((factor for factor in (8, 4, 2) if factor <= reduction), 1)
            enough = (max(1, width // factor), max(1, height // factor))
            if factor > 1 and self._picture.draft(None, enough) is None:
                factor = 1
        self._picture.load()
        picture = ImageOps.exif_transpose(self._picture) if self._turned else self._picture
        picture = in_srgb(picture, transparent=picture.has_transparency_data)
        # What a camera wrote beside the pixels would be written into every size.
        picture.info = {}
        if factor == 1 and reduction >= 4:
            # Averages whole pixels, which is quick, and leaves twice as many as the largest size needs.
            factor = int(reduction / 2)
            picture = picture.reduce(factor)
        return _Layer(Size((0, 0, width, height), picture.width, picture.height), picture, factor)


class _Layer:
    """Pixels that sizes can be cut from. `factor`: of the decoder; None where they were scaled freely."""

    def __init__(self, size: Size, picture: Image.Image, factor: int | None = None) -> None:
        self.size, self.picture = size, picture
        left, top, right, bottom = size.box
        self._across = 1 / factor if factor else size.width / (right - left)
        self._down = 1 / factor if factor else size.height / (bottom - top)
        self._decoded = factor is not None

    def serves(self, size: Size) -> bool:
        """Return whether `size` can be cut from these pixels without becoming less sharp."""
        return self._decoded or (
            size.within(self.size) and size.reduction * min(self._across, self._down) >= CLEAR_STEP
        )

    def pixels_for(self, size: Size) -> float:
        """Return how many pixels are read to make `size`."""
        left, top, right, bottom = size.box
        return (right - left) * self._across * (bottom - top) * self._down

    def cut(self, size: Size) -> Image.Image:
        left, top, right, bottom = size.box
        own_left, own_top = self.size.box[:2]
        box = (
            (left - own_left) * self._across,
            (top - own_top) * self._down,
            min((right - own_left) * self._across, self.picture.width),
            min((bottom - own_top) * self._down, self.picture.height),
        )
        if (box[2] - box[0], box[3] - box[1]) == (size.width, size.height) and all(
            edge == int(edge) for edge in box
        ):
            left, top, right, bottom = (int(edge) for edge in box)
            return self.picture.crop((left, top, right, bottom))
        return self.picture.resize((size.width, size.height), Image.Resampling.LANCZOS, box=box)
