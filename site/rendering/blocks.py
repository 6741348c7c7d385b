"""Writes blocks of a StreamField by the functions of their templates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.template import Context, engines
from django.utils.html import conditional_escape
from wagtail.blocks import Block, BoundBlock, StreamValue

from rendering.functions import Function, block_function

# Where a block keeps its functions, by language.
KEPT = "_compiled_templates"


def render_block(write: Callable[[str], None], ctx: Context, value: Any, language: str | None) -> None:
    """Write what `{% include_block value %}` does, in the language that is active."""
    kind = type(value)
    # Not one that was given a way of its own to be rendered (the page that a family reads does so).
    if (kind is StreamValue.StreamChild or kind is BoundBlock) and "render_as_block" not in value.__dict__:
        block = value.block
        kept = block.__dict__.get(KEPT)
        if kept is None:
            kept = block.__dict__[KEPT] = {}
        if language not in kept:
            kept[language] = _function_of(block)
        if (function := kept[language]) is not None:
            if kind is BoundBlock:
                function(write, ctx, value.value, value.value, None)
            else:
                known = next((values["id"] for values in reversed(ctx.dicts) if "id" in values), value.id)
                function(write, ctx, value.value, value.value, known)
            return
    if hasattr(value, "render_as_block"):
        value = value.render_as_block(context=ctx.flatten())
    write(conditional_escape(value))


def _function_of(block: Block) -> Function | None:
    """Return the function of a block that does nothing of its own to be rendered."""
    kind = type(block)
    path = getattr(block.meta, "template", None)
    if (
        not isinstance(path, str)
        or kind.render is not Block.render
        or kind.get_context is not Block.get_context
        or kind.get_template is not Block.get_template
    ):
        return None
    found: Any = engines["django"].get_template(path)
    return block_function(found.template, ("self", block.TEMPLATE_VAR, "id"))
