"""The blocks of a treatment's protocol."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class VariantBlock(blocks.StructBlock):
    text = blocks.TextBlock(max_length=400)
    applies_to = blocks.CharBlock(
        required=False, max_length=200, help_text=_("For whom, e.g. ‘for older patients’.")
    )

    class Meta:
        icon = "resubmit"
        label = _("Variant")
        description = _("One way in which the treatment is given.")
        template = "treatments/blocks/variant.html"
        preview_value = {"text": "Cord blood cells by IV and LP", "applies_to": ""}
