"""Rich text, timeline, callout and table; with the quote, the blocks of running prose."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock

from attribution.blocks import QuoteBlock
from rendering.choice_block import ChoiceBlock

TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link"]
LINE_FEATURES = ["bold", "italic", "link"]


class RichTextBlock(blocks.RichTextBlock):
    """Running text. Headings start at the second level: the page's title is the only first one."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("features", TEXT_FEATURES)
        super().__init__(**kwargs)

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        description = _("Paragraphs, headings and lists.")
        template = "pages/blocks/rich_text.html"
        preview_value = "<p>At five she could stand if she held the table.</p>"


class TimelineEntryBlock(blocks.StructBlock):
    when = blocks.CharBlock(max_length=60, help_text=_("Relative to treatment, e.g. ‘3 months before’."))
    text = blocks.TextBlock(max_length=600)
    part = ChoiceBlock(
        choices=[
            ("before", _("Before treatment")),
            ("treatment", _("Treatment")),
            ("after", _("After treatment")),
        ],
        default="after",
    )

    class Meta:
        icon = "date"
        label = _("Entry")


class TimelineBlock(blocks.StructBlock):
    """What happened when, relative to treatment: no exact dates in public."""

    heading = blocks.CharBlock(required=False, max_length=120)
    entries = blocks.ListBlock(TimelineEntryBlock(), min_num=1)

    class Meta:
        icon = "history"
        label = _("Timeline")
        description = _("What happened when, relative to treatment.")
        template = "pages/blocks/timeline.html"
        preview_value = {
            "heading": "Step by step",
            "entries": [
                {"when": "3 months before", "text": "Stands if she holds the table.", "part": "before"},
                {"when": "Treatment", "text": "Six packets in 26 days.", "part": "treatment"},
                {"when": "6 months", "text": "Climbs 5 stairs with both hands on the rail.", "part": "after"},
            ],
        }


class CalloutBlock(blocks.StructBlock):
    """A box next to the text: a caveat, plain words for a hard term, or practical advice."""

    kind = ChoiceBlock(
        choices=[("caveat", _("Caveat")), ("note", _("Plain words for a term")), ("advice", _("Advice"))],
        default="note",
    )
    heading = blocks.CharBlock(required=False, max_length=120)
    text = blocks.RichTextBlock(features=LINE_FEATURES)

    class Meta:
        icon = "info-circle"
        label = _("Callout")
        description = _("A caveat, a hard word explained, or practical advice.")
        template = "pages/blocks/callout.html"
        preview_value = {
            "kind": "note",
            "heading": "Spastic diplegia",
            "text": "<p>A kind of cerebral palsy: stiff muscles all the time, mostly in both legs.</p>",
        }


class TableBlock(blocks.StructBlock):
    """A table with a caption and headings, readable on a phone and by a screen reader."""

    caption = blocks.CharBlock(max_length=200)
    table = TypedTableBlock(
        [
            ("text", blocks.CharBlock(required=False, max_length=300)),
            ("number", blocks.FloatBlock(required=False)),
        ]
    )

    class Meta:
        icon = "table"
        label = _("Table")
        description = _("Rows and columns with a caption.")
        template = "pages/blocks/table.html"
        preview_value = {
            "caption": "Hours of physiotherapy a week",
            "table": {
                "columns": [{"type": "text", "heading": "When"}, {"type": "number", "heading": "Hours"}],
                "rows": [{"values": ["Before", 2]}, {"values": ["After", 4]}],
            },
        }


def prose_blocks() -> list[tuple[str, blocks.Block]]:
    """Return the blocks of running prose; an app adds media blocks and its own."""
    return [
        ("text", RichTextBlock()),
        ("quote", QuoteBlock()),
        ("timeline", TimelineBlock()),
        ("callout", CalloutBlock()),
        ("table", TableBlock()),
    ]
