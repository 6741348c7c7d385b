"""The blocks of a piece of news."""

from __future__ import annotations

from wagtail import blocks

from media.blocks import FigureBlock
from pages.blocks import prose_blocks


def news_blocks() -> list[tuple[str, blocks.Block]]:
    """Prose and pictures."""
    return [*prose_blocks(), ("figure", FigureBlock())]
