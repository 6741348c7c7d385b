"""Makes the sizes of a page's pictures before the page is published, so that no visitor waits for them."""

from __future__ import annotations

from typing import Any

from imaging.presets import AHEAD
from media import preload, renditions
from media.models import Picture


def make_before_publication(revision: Any) -> int:
    """Make the missing sizes of all pictures in `revision`, the revision of a page, and return how many.

    Usually the task worker has made them after the upload; then this takes two queries. Call it before the
    publishing transaction, which holds locks. A page type says in `picture_presets` how it shows pictures.
    """
    model: Any = revision.content_type.model_class()
    if model is None:
        return 0
    numbers = preload.chosen_in(model, revision.content)[Picture]
    presets = getattr(model, "picture_presets", AHEAD)
    pictures = Picture.objects.filter(pk__in=numbers) if numbers else ()
    return renditions.make(pictures, presets, without_avif=True)
