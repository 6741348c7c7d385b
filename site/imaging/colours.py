"""Colours of a picture as browsers expect them: 8 bits a channel, sRGB."""

from __future__ import annotations

import io
import logging

from PIL import Image, ImageCms

logger = logging.getLogger(__name__)


def in_srgb(picture: Image.Image, *, transparent: bool) -> Image.Image:
    """Return `picture` as RGB, or RGBA where `transparent`, using its colour profile if that can be read.

    The result may be `picture` itself.
    """
    profile = picture.info.get("icc_profile")
    mode = "RGBA" if transparent else "RGB"
    if profile and picture.mode in {"RGB", "RGBA", "CMYK"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                picture,
                source,
                ImageCms.createProfile("sRGB"),
                outputMode="RGBA" if picture.mode == "RGBA" else "RGB",
            )
            if converted is not None:
                picture = converted
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError) as error:
            logger.info("Colour profile ignored: %r", error)
    if picture.mode.startswith("I") or picture.mode == "F":
        # 16 bits a channel: Pillow's own conversion would clip the values at 255.
        picture = picture.convert("I").point(lambda value: value / 257).convert("L")
    return picture if picture.mode == mode else picture.convert(mode)


def on_white(picture: Image.Image) -> Image.Image:
    """Return `picture` without transparency, on a white ground."""
    if picture.mode != "RGBA":
        return picture
    ground = Image.new("RGBA", picture.size, (255, 255, 255, 255))
    ground.alpha_composite(picture)
    return ground.convert("RGB")
