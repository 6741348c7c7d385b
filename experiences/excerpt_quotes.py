"""A quote tied to its excerpt: what a story's block holds, and how it may be shown (D4).

The rating is computed from what was said each time a story is saved (`experiences.own_words`); what a form posts for it
is never believed. A block without a known excerpt has no rating, and is shown without quotation marks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.telepath import register
from wagtail.admin.telepath.widgets import WidgetAdapter
from wagtail.blocks.field_block import FieldBlock
from wagtail.blocks.struct_block import BlockGroup

from experiences.compiling.widget import ExcerptChooser
from media.transcript_text import clock
from transcripts.rating import Rating

BLOCK = "excerpt_quote"
# What a compile writes, and compares with what stands there the next time.
COMPILED_FIELDS = ("text", "speaker", "asked", "start", "end")

RATING_WORDS = {
    Rating.VERBATIM: _("Verbatim"),
    Rating.LIGHTLY_EDITED: _("Lightly edited"),
    Rating.REWORDED: _("Reworded"),
}


class ExcerptQuoteValue(blocks.StructValue):
    """What templates ask of the block."""

    @property
    def is_quoted(self) -> bool:
        """Whether it may wear quotation marks: verbatim, or lightly edited with every omission shown."""
        return self.get("rating") in (Rating.VERBATIM, Rating.LIGHTLY_EDITED)

    @property
    def is_edited(self) -> bool:
        return bool(self.get("rating") == Rating.LIGHTLY_EDITED)

    @property
    def moment(self) -> str:
        return clock(self.get("start"), pad=False)

    @property
    def said_by(self) -> str:
        """'Marta, Ines’s mother', or nobody named."""
        return str(self.get("speaker") or "")


class ReadOnlyWords(forms.TextInput):
    """Shows what the site computed; what is typed over it is not read by anybody."""

    def __init__(self) -> None:
        super().__init__(attrs={"readonly": True, "tabindex": "-1"})


class JSONInput(forms.HiddenInput):
    """A mapping as JSON in a hidden field."""

    def format_value(self, value: Any) -> str:
        return value if isinstance(value, str) else json.dumps(value or {})


register(WidgetAdapter(), ReadOnlyWords)
register(WidgetAdapter(), JSONInput)


class LastCompiledBlock(FieldBlock):
    """The content of the block when it was last compiled, so that a later compile knows what an editor rewrote."""

    def __init__(self, **kwargs: Any) -> None:
        self.field = forms.CharField(required=False, widget=JSONInput())
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> dict[str, Any]:
        return dict(value) if isinstance(value, Mapping) else {}

    def get_prep_value(self, value: Any) -> dict[str, Any]:
        return self.to_python(value)

    def get_default(self) -> dict[str, Any]:
        return {}

    def value_from_form(self, value: Any) -> dict[str, Any]:
        try:
            read = json.loads(value) if isinstance(value, str) and value else value
        except ValueError:
            return {}
        return (
            {name: read[name] for name in COMPILED_FIELDS if name in read} if isinstance(read, dict) else {}
        )

    def value_for_form(self, value: Any) -> str:
        return json.dumps(value or {})

    def get_searchable_content(self, value: Any) -> list[str]:
        return []

    class Meta:
        icon = "history"
        default: dict[str, Any] = {}


class ExcerptBlock(FieldBlock):
    """The key of an excerpt, picked in a list of what was said. The value is the number: showing it needs no query."""

    def __init__(self, required: bool = True, **kwargs: Any) -> None:
        self.field = forms.IntegerField(
            required=required,
            widget=ExcerptChooser(),
            error_messages={"required": _("Choose the words in the interview that this quotes.")},
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> int | None:
        try:
            return int(value)
        except (TypeError, ValueError):
            return None

    def value_from_form(self, value: Any) -> int | None:
        return self.to_python(value)

    def get_form_state(self, value: Any) -> Any:
        return self.field.widget.get_value_data(value)

    class Meta:
        icon = "openquote"


class RatingBlock(blocks.CharBlock):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.field.widget = ReadOnlyWords()


class MomentBlock(blocks.FloatBlock):
    """Seconds from the start of the recording, in steps of 0.1; empty where the transcript has no times."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, validators=[MinValueValidator(0)], **kwargs)


class ExcerptQuoteBlock(blocks.StructBlock):
    """Words from an interview, with the moment they were said."""

    excerpt = ExcerptBlock(label=_("What was said"))
    text = blocks.TextBlock(
        rows=3,
        max_length=20_000,
        label=_("Words"),
        help_text=_(
            "Without quotation marks. Show an omission as […]. What is reworded is shown as ‘in other words’."
        ),
        search_index=True,
    )
    speaker = blocks.CharBlock(
        required=False,
        max_length=120,
        label=_("Speaker"),
        help_text=_("As the story names them, e.g. ‘Marta, Ines’s mother’."),
    )
    asked = blocks.TextBlock(
        required=False, rows=1, label=_("Question before"), help_text=_("Shown beside the answer (D10).")
    )
    rating = RatingBlock(
        required=False,
        label=_("How far it was edited"),
        help_text=_("Computed from what was said whenever the story is saved."),
        search_index=False,
    )
    start = MomentBlock(label=_("From, seconds"))
    end = MomentBlock(label=_("To, seconds"))
    compiled = LastCompiledBlock(required=False, label=_("As last compiled"))

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        start, end = cleaned.get("start"), cleaned.get("end")
        if start is not None and end is not None and end <= start and not self.is_deferred_validation:
            raise blocks.struct_block.StructBlockValidationError(
                block_errors={"end": forms.ValidationError(gettext("The moment must end after it begins."))}
            )
        return cleaned

    class Meta:
        icon = "openquote"
        label = _("Quote from the interview")
        description = _("Somebody's words, tied to the moment they were said.")
        template = "experiences/blocks/excerpt_quote.html"
        value_class = ExcerptQuoteValue
        label_format = "{speaker}: {text}"
        form_layout = BlockGroup(
            children=["excerpt", "text", "speaker", "asked", "rating", "compiled"], settings=["start", "end"]
        )
        preview_value = {
            "excerpt": 1,
            "text": "Nobody promised us she would walk […] and now she counts the stairs.",
            "speaker": "Marta, Ines’s mother",
            "asked": "What did you expect?",
            "rating": Rating.LIGHTLY_EDITED.value,
            "start": 751.0,
            "end": 758.4,
            "compiled": {},
        }
