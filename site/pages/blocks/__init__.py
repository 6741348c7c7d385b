"""Blocks of prose that every room's pages share."""

from __future__ import annotations

from pages.blocks.links import LinkBlock, LinkColumnBlock
from pages.blocks.prose import (
    CalloutBlock,
    QuoteBlock,
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
