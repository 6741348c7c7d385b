"""Checks that a text describes a picture and is not only the name of its file. Pure."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from django.utils.text import slugify
from django.utils.translation import gettext as _

# What cameras, phones and messengers call their files: IMG_1234, DSC00012, WhatsApp Image 2026-01-02.
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
    """Return why `text` cannot describe a picture stored as `filename`; '' when it can.

    Refused are an empty text, the name of a file (this one's or a camera's), and words such as “photo”.
    """
    words_given = text.strip()
    if not words_given:
        return _(
            "Say what the picture shows, for readers who cannot see it: "
            "“A girl in a yellow coat climbs the stairs.”"
        )
    stem = PurePosixPath(filename.replace("\\", "/")).stem
    words = slugify(words_given).split("-")
    named = (
        FILE_NAME.search(words_given)
        or CAMERA_NAME.match(words_given)
        or (stem and _bare(words_given) == _bare(stem))
    )
    if named:
        return _(
            "“%(text)s” is the name of a file. Say what the picture shows: "
            "“A girl in a yellow coat climbs the stairs.”"
        ) % {"text": words_given}
    if slugify(words_given) and all(word in EMPTY_WORDS or word.isdigit() for word in words):
        return _(
            "“%(text)s” does not say what is in the picture. Name who or what can be seen and what happens: "
            "“A girl in a yellow coat climbs the stairs.”"
        ) % {"text": words_given}
    return ""
