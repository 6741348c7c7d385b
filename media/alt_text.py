"""Is a text a description of a picture, or only a name for its file? Pure."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from django.utils.text import slugify
from django.utils.translation import gettext as _

# What cameras, phones and messengers call their files, e.g. IMG_1234, DSC00012, PXL_20260102, WhatsApp Image 2026-...
CAMERA_NAME = re.compile(
    r"^(img|image|dsc[nf]?|dscf|pxl|mvimg|p|pict|photo|picture|screenshot|screen shot|scan|whatsapp image|"
    r"signal|fb_img|received|download|untitled|unnamed)?[\s_-]*[\d\s_.:()-]*( at [\d\s_.:()-]*)?$",
    re.IGNORECASE,
)
FILE_NAME = re.compile(r"\.(jpe?g|png|gif|webp|avif|hei[cf]|svg|tiff?|bmp)$", re.IGNORECASE)
EMPTY_WORDS = frozenset(
    [
        "photo",
        "photograph",
        "picture",
        "image",
        "img",
        "graphic",
        "foto",
        "bild",
        "drawing",
        "illustration",
        "logo",
        "portrait",
        "figure",
        "gallery",
        "untitled",
        "alt",
        "text",
        "alttext",
        "description",
        "todo",
        "tbd",
        "none",
        "test",
        "n",
        "a",
        "na",
        "x",
    ]
)


def _bare(text: str) -> str:
    return slugify(text.replace("_", " "))


def why_not_alt_text(text: str, filename: str = "") -> str:
    """Why `text` cannot stand for a picture stored as `filename`; '' when it can.

    Refused: nothing, a file's name (this one's or a camera's), and words that name a kind of thing only.
    """
    said = text.strip()
    if not said:
        return _(
            "Say what the picture shows, for readers who cannot see it: “A girl in a yellow coat climbs the stairs.”"
        )
    stem = PurePosixPath(filename.replace("\\", "/")).stem
    words = slugify(said).split("-")
    named = FILE_NAME.search(said) or CAMERA_NAME.match(said) or (stem and _bare(said) == _bare(stem))
    if named:
        return _(
            "“%(text)s” is the name of a file. Say what the picture shows: “A girl in a yellow coat climbs the stairs.”"
        ) % {"text": said}
    if slugify(said) and all(word in EMPTY_WORDS or word.isdigit() for word in words):
        return _(
            "“%(text)s” does not say what is in the picture. Name who or what is seen and what happens: "
            "“A girl in a yellow coat climbs the stairs.”"
        ) % {"text": said}
    return ""
