"""Blocks of prose that pages of every app share."""

from __future__ import annotations

from attribution.blocks import QuoteBlock
from pages.blocks.links import LinkBlock, LinkColumnBlock
from pages.blocks.prose import (
    CalloutBlock,
    RichTextBlock,
    TableBlock,
    TimelineBlock,
    prose_blocks,
)

__all__ = [
    "CalloutBlock",
    "LinkBlock",
    "LinkColumnBlock",
    "QuoteBlock",
    "RichTextBlock",
    "TableBlock",
    "TimelineBlock",
    "prose_blocks",
]
