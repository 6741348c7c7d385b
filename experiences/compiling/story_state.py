"""Convert a StoryPage to the form that the plan compares, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import uuid4

from wagtail.blocks import StreamValue
from wagtail.models import Page

from experiences.compiling.excerpts import PARTS, even
from experiences.compiling.quotes import Content, Item, Story
from experiences.excerpt_quotes import BLOCK

Raw = dict[str, Any]


def _content(value: Mapping[str, Any]) -> Content:
    return Content(
        text=even(value.get("text") or ""),
        speaker=(value.get("speaker") or "").strip(),
        asked=even(value.get("asked") or ""),
        start=value.get("start"),
        end=value.get("end"),
    )


def blocks_of(page: Page) -> list[tuple[str, Raw]]:
    """Return (part, stored form) of each block of a story, each with its own id."""
    found: list[tuple[str, Raw]] = []
    known: set[str] = set()
    for part in PARTS.values():
        for item in getattr(page, part).get_prep_value():
            key = str(item.get("id") or "")
            if not key or key in known:
                key = str(uuid4())
            known.add(key)
            found.append((part, {**item, "id": key}))
    return found


def story_of(
    page: Page,
    interview: int,
    excerpts: set[int],
    blocks: Sequence[tuple[str, Raw]],
    facts: Mapping[str, str],
) -> Story:
    """Return `page` as compared with one interview. `excerpts`: keys of its excerpts, removed ones too."""
    items = []
    for part, raw in blocks:
        value = raw["value"] if raw["type"] == BLOCK else {}
        if value.get("excerpt") in excerpts:
            compiled = value.get("compiled")
            items.append(
                Item(
                    part,
                    raw["id"],
                    value["excerpt"],
                    _content(value),
                    _content(compiled) if compiled else None,
                )
            )
        else:
            items.append(Item(part, raw["id"]))
    kept = page.compiled_from.get(str(interview), {})
    return Story(
        tuple(items),
        tuple((int(excerpt), str(part)) for excerpt, part in kept.get("order", [])),
        dict(facts),
        dict(kept.get("facts", {})),
    )


def write(page: Page, interview: int, story: Story, blocks: Sequence[tuple[str, Raw]]) -> None:
    """Set the parts of `page` to the items of `story`, and remember what was compiled.

    Leave its facts alone.
    """
    raws = {raw["id"]: raw for _part, raw in blocks}
    parts: dict[str, list[Raw]] = {part: [] for part in PARTS.values()}
    for item in story.items:
        parts[item.part].append(_stored(item, raws.get(item.key)))
    for part, stored in parts.items():
        stream_block = page._meta.get_field(part).stream_block
        setattr(page, part, StreamValue(stream_block, stored, is_lazy=True))
    page.compiled_from = {
        **page.compiled_from,
        str(interview): {
            "order": [list(place) for place in story.order],
            "facts": dict(story.compiled_facts),
        },
    }


def _stored(item: Item, raw: Raw | None) -> Raw:
    if item.content is None or item.excerpt is None:
        assert raw is not None
        return raw
    compiled = asdict(item.compiled) if item.compiled else {}
    if raw is None:
        value = {"excerpt": item.excerpt, **asdict(item.content), "rating": "", "compiled": compiled}
        return {"type": BLOCK, "id": str(uuid4()), "value": value}
    changed = asdict(item.content) if _content(raw["value"]) != item.content else {}
    return {**raw, "value": {**raw["value"], **changed, "compiled": compiled}}
