"""The sizes and formats in which the site shows pictures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Preset:
    """How a picture is cut, in Wagtail's words: for small phones first, for large screens last."""

    cuts: tuple[str, ...]
    sizes: str

    def specs(self, *, transparent: bool = False) -> dict[str, tuple[str, ...]]:
        """Return Wagtail filter specs by format, best first. The last, for old browsers, has one size."""
        fallback = "png" if transparent else "jpeg"
        return {
            "avif": tuple(f"{cut}|format-avif" for cut in self.cuts),
            "webp": tuple(f"{cut}|format-webp" for cut in self.cuts),
            fallback: (f"{self.cuts[-1]}|format-{fallback}",),
        }


# Presets share cuts where they can: what two of them need is made once.
PRESETS: dict[str, Preset] = {
    "card": Preset(("fill-400x300", "fill-800x600"), "(min-width: 56em) 24rem, (min-width: 40em) 45vw, 92vw"),
    "cover": Preset(("fill-400x300", "fill-800x600", "fill-1280x960"), "(min-width: 56em) 36rem, 100vw"),
    "figure": Preset(("width-400", "width-800", "width-1200"), "(min-width: 44em) 37rem, 92vw"),
    "poster": Preset(("fill-400x225", "fill-800x450", "fill-1280x720"), "(min-width: 56em) 48rem, 100vw"),
}
# Networks that show a card for a shared link take JPEG, 1200 x 630.
SOCIAL = "fill-1200x630|format-jpeg"
# Most pages show pictures in these presets; posters stand for videos on few.
AHEAD: tuple[str, ...] = ("card", "cover", "figure", "social")


@cache
def specs_by_format(preset: str, *, transparent: bool = False) -> dict[str, tuple[str, ...]]:
    """Return the filter specs of `preset` ("social" too) by format, best first. Do not change the result."""
    if preset == "social":
        return {"jpeg": (SOCIAL,)}
    return PRESETS[preset].specs(transparent=transparent)


def specs_of(presets: Iterable[str], *, transparent: bool = False) -> list[str]:
    """Return the filter specs of all these presets, each once."""
    found: dict[str, None] = {}
    for preset in presets:
        for specs in specs_by_format(preset, transparent=transparent).values():
            found.update(dict.fromkeys(specs))
    return list(found)
