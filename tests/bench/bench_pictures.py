"""How many sizes of a photograph a second of a processor makes, beside Wagtail's own way in the same run.

Six sizes of a photograph of 12 million pixels as JPEG and as WebP, written to the storage and entered in the database.
Both kinds take turns; the median of the rounds counts. Printed too: what AVIF costs, and what it saves.
"""

from __future__ import annotations

import io
import os
import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from PIL import Image, ImageChops
from wagtail.images.models import AbstractImage

from media.models import Picture, Rendition

SHORT = bool(os.environ.get("SHORT"))
ROUNDS = 2 if SHORT else 5
CUTS = ("fill-400x300", "fill-800x600", "fill-1280x960", "width-400", "width-800", "width-1200")


class OneByOne(Picture):
    """Makes sizes as Wagtail does: each from the whole file."""

    class Meta:
        proxy = True
        app_label = "media"

    create_rendition = AbstractImage.create_rendition
    create_renditions = AbstractImage.create_renditions


def photograph(width: int = 4000, height: int = 3000) -> bytes:
    """A JPEG with edges, shades and grain of several sizes, as a camera gives it: about 4 MB."""
    picture = Image.merge(
        "RGB", [Image.linear_gradient("L").rotate(turn).resize((width, height)) for turn in (0, 90, 180)]
    )
    for size, strength in ((12, 90), (60, 60), (400, 40), (width, 14)):
        grain = Image.effect_noise((size, size * height // width), strength).resize(
            (width, height), Image.Resampling.BICUBIC
        )
        picture = ImageChops.overlay(picture, grain.convert("RGB"))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90)
    return out.getvalue()


def seconds(make: Callable[[], Any]) -> float:
    """Processor time of the process, all its threads together."""
    started = time.process_time()
    make()
    return time.process_time() - started


@pytest.mark.django_db
def bench_sizes_of_a_picture(settings: Any) -> None:
    content = photograph()
    stored = Picture.objects.create(
        title="Photograph",
        alt_text="A measured photograph.",
        file=ContentFile(content, name="photograph.jpg"),
    )

    def made_by(model: type[Picture], formats: tuple[str, ...]) -> Callable[[], Any]:
        def make() -> None:
            Rendition.objects.all().delete()
            Rendition.cache_backend.clear()
            model.objects.get(pk=stored.pk).get_renditions(
                *(f"{cut}|format-{kind}" for kind in formats for cut in CUTS)
            )

        return make

    both = ("jpeg", "webp")
    kinds = {
        "Wagtail, each size from the file": made_by(OneByOne, both),
        "one decoding": made_by(Picture, both),
    }
    kinds |= {f"one decoding, {kind} alone": made_by(Picture, (kind,)) for kind in (*both, "avif")}
    rounds: dict[str, list[float]] = {name: [] for name in kinds}
    for _ in range(ROUNDS):
        for name, make in kinds.items():
            rounds[name].append(seconds(make))
    print(
        f"\n\nSizes of a photograph: {stored.width} x {stored.height}, {len(content) / 1e6:.1f} MB, {len(CUTS)} sizes"
    )
    base = 0.0
    for name, times in rounds.items():
        count = len(CUTS) * (1 if "alone" in name else 2)
        rate = count / statistics.median(times)
        base = base or rate
        print(
            f"  {name:36} {rate:6.1f} files a processor second   x {rate / base:5.2f}   ({min(times):.2f} to {max(times):.2f} s)"
        )
    print("  wanted: at least 20 as JPEG and WebP")
    for kind in (*both, "avif"):
        made_by(Picture, (kind,))()
        print(
            f"  {kind}: {sum(size.file_size or 0 for size in Rendition.objects.all()) / 1000:.0f} kB in {len(CUTS)} files"
        )
    print(f"  {os.cpu_count()} cores, load {os.getloadavg()[0]:.2f}")
