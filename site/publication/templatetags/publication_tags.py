"""Template tags for previews: which parts visitors will not see, and why."""

from __future__ import annotations

from typing import Any

from django import template
from wagtail.models import Page

from publication.reasons import Reason

register = template.Library()


@register.filter
def part_name(block: Any) -> str:
    """Return the name of a block as a part of the page: 'block:<id>'."""
    return f"block:{block.id}"


@register.simple_tag
def redaction_reasons(page: Page, part: str = "") -> list[Reason]:
    """Return why a part of the previewed page is redacted, or without `part` all such reasons. [] outside a
    preview.
    """
    by_part: dict[str, list[Reason]] = getattr(page, "reasons_by_part", {})
    if part:
        return by_part.get(part, [])
    return [reason for reasons in by_part.values() for reason in reasons]
