from __future__ import annotations

from typing import Any

from django import template

from media.models import Picture
from media.renditions import responsive

register = template.Library()


@register.inclusion_tag("components/picture.html")
def responsive_picture(  # noqa: PLR0917 - templates pass them by name
    picture: Picture | None,
    preset: str,
    alt: str | None = None,
    sizes: str = "",
    loading: str = "lazy",
    class_name: str = "",
) -> dict[str, Any]:
    """Render a <picture> in AVIF, WebP and JPEG (PNG where transparent), with width and height.

    `preset`: card, cover, figure, poster or social. `alt`: the picture's own unless given; "" for decoration.
    """
    found = responsive(picture, preset) if picture else None
    return {
        "found": found,
        "alt": picture.alt_text if alt is None and picture else alt or "",
        "sizes": sizes or (found.sizes if found else ""),
        "loading": loading,
        "class_name": class_name,
    }
