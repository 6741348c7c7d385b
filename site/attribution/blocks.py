"""The quote of every page: the words, and the person who said them or the reason why no person is named."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import BlockGroup
from wagtail.snippets.blocks import SnippetChooserBlock

from rendering.choice_block import ChoiceBlock

PUBLISHED = "published"


class Unnamed(models.TextChoices):
    """Why a quote names no person whose consent Firsthand keeps."""

    PUBLISHED = PUBLISHED, _("From a published source, with its address")
    PERMITTED = "permitted", _("Said in public, or the speaker’s permission is documented elsewhere")
    STAFF = "staff", _("Said by the site’s own staff")
    INVENTED = "invented", _("An invented example")


class PersonBlock(SnippetChooserBlock):
    """Chooses a person. Its value is the person's number: a page that is shown reads no personal record."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("consent.Person", **kwargs)

    def to_python(self, value: Any) -> int | None:
        return value if isinstance(value, int) else None

    def bulk_to_python(self, values: Any) -> list[int | None]:
        return [self.to_python(value) for value in values]

    def get_prep_value(self, value: Any) -> int | None:
        return getattr(value, "pk", value) or None

    def value_from_form(self, value: Any) -> int | None:
        found = super().value_from_form(value)
        return found.pk if found is not None else None

    def clean(self, value: Any) -> int | None:
        return self.get_prep_value(super().clean(value))

    def extract_references(self, value: Any) -> Any:
        if value:
            yield self.model_class, str(self.get_prep_value(value)), "", ""


class AttributionValue(blocks.StructValue):
    """A quote. `source` is shown to visitors, the note to no one but the editors."""

    @property
    def source(self) -> str:
        """The address of the published source, '' where there is none to show."""
        return str(self.get("source_url") or "") if self.get("unnamed_because") == PUBLISHED else ""


class QuoteBlock(blocks.StructBlock):
    """A person's exact words. Quotation marks come from the page, not from the text.

    Who said them is stored as `said_by` (the number of a `consent.Person`), or `unnamed_because` says why no
    person is named. Both may stay empty in a draft, and on a page about one person, where that person is
    meant.
    """

    text = blocks.TextBlock(
        max_length=1500, help_text=_("The exact words, without quotation marks. Show an omission as […].")
    )
    speaker = blocks.CharBlock(
        required=False, max_length=120, help_text=_("Who says it, e.g. ‘Marta, Ines’s mother’.")
    )
    said_by = PersonBlock(
        required=False,
        label=_("Person"),
        help_text=_("Private: the person whose consent this quote needs. Never shown."),
    )
    unnamed_because = ChoiceBlock(
        choices=Unnamed.choices,
        required=False,
        label=_("Or: why no person is chosen"),
        search_index=False,
    )
    source_url = blocks.URLBlock(
        required=False,
        max_length=500,
        label=_("Address of the published source"),
        help_text=_("Visitors see it as a link below the quote."),
    )
    unnamed_note = blocks.CharBlock(
        required=False,
        max_length=300,
        label=_("Where this is documented"),
        help_text=_("Private, e.g. ‘Talk at the family day, 4 May; mail from the speaker of 9 May’."),
        search_index=False,
    )

    class Meta:
        icon = "openquote"
        label = _("Quote")
        description = _("A person's exact words, in large type.")
        template = "pages/blocks/quote.html"
        value_class = AttributionValue
        preview_value = {"text": "No one promised us she would walk.", "speaker": "Marta, Ines’s mother"}
        form_layout = [
            "text",
            "speaker",
            BlockGroup(
                ["said_by", "unnamed_because", "source_url", "unnamed_note"],
                heading=_("Who said it"),
                help_text=_(
                    "Choose the person, or say why none is chosen. On a page about one person, leave this "
                    "empty for that person’s own words."
                ),
                icon="user",
                label_format="{said_by} {unnamed_because}",
            ),
        ]

    def get_searchable_content(self, value: Any) -> list[str]:
        """Return what visitors see: the words, the speaker, and the address of a published source."""
        found: list[str] = super().get_searchable_content(value)
        return [*found, value.source] if value.source else found

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        errors = errors_of(
            said_by=value.get("said_by"),
            because=value.get("unnamed_because") or "",
            source_url=value.get("source_url") or "",
            note=value.get("unnamed_note") or "",
        )
        if errors and not self.is_deferred_validation:
            raise blocks.StructBlockValidationError(errors)
        return value


def errors_of(*, said_by: Any, because: str, source_url: str, note: str) -> dict[str, ValidationError]:
    """Return what contradicts itself or is missing in what an editor states about a quote, by field.

    That neither a person nor a reason is given is no error: `attribution.rules` finds it at publication.
    """
    if said_by and because:
        return {
            "unnamed_because": ValidationError(
                _("A person is chosen. Remove the person, or choose no reason here.")
            )
        }
    if because == PUBLISHED and not source_url:
        return {"source_url": ValidationError(_("Type the address at which the source is published."))}
    if because and because != PUBLISHED and not note.strip():
        return {"unnamed_note": ValidationError(_("Say in a few words where this is documented."))}
    return {}
