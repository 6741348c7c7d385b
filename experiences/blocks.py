"""The blocks of a story's parts."""

from __future__ import annotations

from wagtail import blocks

from experiences.excerpt_quotes import BLOCK, ExcerptQuoteBlock
from media.blocks import AudioBlock, DocumentBlock, FigureBlock, GalleryBlock, VideoBlock
from pages.blocks import prose_blocks


def story_blocks() -> list[tuple[str, blocks.Block]]:
    """Prose and media, in the order in which an editor reaches for them."""
    prose = dict(prose_blocks())
    return [
        ("text", prose.pop("text")),
        (BLOCK, ExcerptQuoteBlock()),
        ("quote", prose.pop("quote")),
        ("figure", FigureBlock()),
        ("gallery", GalleryBlock()),
        ("video", VideoBlock()),
        ("audio", AudioBlock()),
        ("document", DocumentBlock()),
        *prose.items(),
    ]
