"""What a preview says of the parts that the public will not see."""

from __future__ import annotations

from typing import Any

from django import template

from publication.reasons import Reason

register = template.Library()


@register.filter
def part_name(block: Any) -> str:
    """The name under which a block of a stream is left out: 'block:<id>'."""
    return f"block:{block.id}"


@register.simple_tag
def redaction_reasons(page: Any, part: str = "") -> list[Reason]:
    """Why a part of the previewed page, or without `part` anything of it, is left out in public. [] in public."""
    by_part: dict[str, list[Reason]] = getattr(page, "reasons_by_part", {})
    if part:
        return by_part.get(part, [])
    return [reason for reasons in by_part.values() for reason in reasons]
