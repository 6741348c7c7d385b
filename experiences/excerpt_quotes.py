"""The block of a quote tied to an excerpt, and how it may be shown (D4).

The rating is computed each time a story is saved (`experiences.own_words`); the value that a form posts is
never trusted. A block without a known excerpt has no rating and is shown without quotation marks.
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
# The fields that compiling writes, and compares the next time.
COMPILED_FIELDS = ("text", "speaker", "asked", "start", "end")


class ExcerptQuoteValue(blocks.StructValue):
    """The value of the block, for templates."""

    @property
    def is_quoted(self) -> bool:
        """Whether it has quotation marks: verbatim, or lightly edited with all omissions shown."""
        return self.get("rating") in (Rating.VERBATIM, Rating.LIGHTLY_EDITED)

    @property
    def is_edited(self) -> bool:
        return bool(self.get("rating") == Rating.LIGHTLY_EDITED)

    @property
    def moment(self) -> str:
        return clock(self.get("start"), pad=False)

    @property
    def said_by(self) -> str:
        """Return 'Marta, Ines’s mother', or '' if no speaker is named."""
        return str(self.get("speaker") or "")


class ReadOnlyWords(forms.TextInput):
    """Shows a computed value. Changes to it are ignored."""

    def __init__(self) -> None:
        super().__init__(attrs={"readonly": True, "tabindex": "-1"})


class JSONInput(forms.HiddenInput):
    """A mapping as JSON in a hidden field."""

    def format_value(self, value: Any) -> str:
        return value if isinstance(value, str) else json.dumps(value or {})


register(WidgetAdapter(), ReadOnlyWords)
register(WidgetAdapter(), JSONInput)


class LastCompiledBlock(FieldBlock):
    """The content of the block when it was last compiled, to see later what an editor rewrote."""

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

    def get_searchable_content(self, value: Any) -> list[str]:  # noqa: ARG002 - Wagtail passes it
        return []

    class Meta:
        icon = "history"
        default: dict[str, Any] = {}


class ExcerptBlock(FieldBlock):
    """The key of an excerpt, chosen from a list of spoken words. Showing the number needs no query."""

    def __init__(self, required: bool = True, **kwargs: Any) -> None:
        self.field = forms.IntegerField(
            required=required,
            widget=ExcerptChooser(),
            error_messages={"required": _("Choose the words in the interview that are quoted here.")},
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
            "Without quotation marks. Show an omission as […]. A reworded quote is shown as ‘in other words’."
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
        required=False,
        rows=1,
        label=_("Question before"),
        help_text=_("Shown with the quote, so readers know what was asked."),
    )
    rating = RatingBlock(
        required=False,
        label=_("How far it was edited"),
        help_text=_("Computed from the excerpt whenever the story is saved."),
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
                block_errors={"end": forms.ValidationError(gettext("The end must be later than the start."))}
            )
        return cleaned

    class Meta:
        icon = "openquote"
        label = _("Quote from the interview")
        description = _("Words from an interview, tied to the moment they were said.")
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
