"""Fetches all pictures, recordings and documents of a page's StreamFields in a handful of queries.

Wagtail fetches the objects chosen in a StreamField once for each kind of block, and a picture's renditions
once for each picture. This module collects them from the stored values first and fetches them once for the
page:

    preload.resolve(page.before, page.treatment, page.after)     # in the page's get_context

or, to keep the objects available while more values are read, `with preload.preloading(page.body): ...`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import ForeignKey, Model
from django.db.models.base import ModelState
from modelcluster.models import get_all_child_relations
from wagtail.blocks import Block, ChooserBlock, ListBlock, StreamBlock, StreamValue, StructBlock
from wagtail.fields import StreamField

from media import renditions
from media.models import Document, Picture, Recording
from queries.prepared import Prepared

Loaded = Mapping[type[Model], Mapping[int, Model]]

# Where a block keeps whether something can be chosen in it.
MAY_CHOOSE = "_may_choose_media"
PRELOADED: tuple[type[Model], ...] = (Picture, Recording, Document)
_loaded: ContextVar[Loaded | None] = ContextVar("media_preloaded", default=None)


def find(model: type[Model], pk: object) -> Model | None:
    """Return a copy of the preloaded object `pk`; None when it was not preloaded."""
    loaded = _loaded.get()
    if loaded is None or not isinstance(pk, int):
        return None
    found = loaded.get(model, {}).get(pk)
    return _twin(found) if found is not None else None


def _twin(found: Model) -> Model:
    """Return a copy that shares the values: `copy.copy` takes a model apart and puts it together again."""
    twin = type(found).__new__(type(found))
    twin.__dict__.update(found.__dict__)
    state = ModelState()
    state.adding, state.db = found._state.adding, found._state.db
    state.fields_cache = dict(found._state.fields_cache)
    twin._state = state
    return twin


@contextmanager
def preloading(
    *stream_values: StreamValue, also: Iterable[Picture | None] = (), with_sizes: bool = True
) -> Iterator[None]:
    """Read the media blocks of `stream_values` without further queries, within this context.

    At most five queries: pictures, their sizes, recordings, their caption tracks, documents; none for a
    kind that does not occur. `also`: other pictures (the page's own, those of
    its cards) whose renditions are fetched by the same query. `with_sizes`: whether renditions are fetched.
    """
    wanted: defaultdict[type[Model], set[int]] = defaultdict(set)
    for value in stream_values:
        for model, pk in _chosen(value):
            wanted[model].add(pk)
    known = _loaded.get() or {}
    if not with_sizes:  # what an outer context has read need not be read again
        wanted = defaultdict(
            set, {model: new for model, pks in wanted.items() if (new := pks - known.get(model, {}).keys())}
        )
    read = _load(wanted, also, with_sizes)
    token = _loaded.set({model: {**known.get(model, {}), **read.get(model, {})} for model in {*known, *read}})
    try:
        yield
    finally:
        _loaded.reset(token)


def resolve(*stream_values: StreamValue, also: Iterable[Picture | None] = ()) -> None:
    """Read all blocks of `stream_values` now, with the few queries of `preloading`.

    For pages: their template is rendered after `serve` has returned, when a context would have ended.
    """
    with preloading(*stream_values, also=also):
        for value in stream_values:
            for _child in value:
                pass


_pictures = Prepared(lambda numbers: Picture.objects.filter(pk__in=numbers))


def _load(
    wanted: Mapping[type[Model], set[int]], also: Iterable[Picture | None] = (), with_sizes: bool = True
) -> dict[type[Model], dict[int, Model]]:
    loaded: dict[type[Model], dict[int, Model]] = {}
    numbers = sorted(wanted.get(Picture, ()))
    pictures = {picture.pk: picture for picture in _pictures(numbers=numbers)} if numbers else {}
    if with_sizes:
        renditions.prefetch([*pictures.values(), *also])
    loaded[Picture] = dict(pictures)
    if ids := wanted.get(Recording):
        loaded[Recording] = dict(Recording.objects.prefetch_related("tracks").in_bulk(ids))
    if ids := wanted.get(Document):
        loaded[Document] = dict(Document.objects.in_bulk(ids))
    return loaded


def chosen_in(model: Any, content: Mapping[str, Any]) -> defaultdict[type[Model], set[int]]:
    """Return the numbers of the pictures, recordings and documents in `content`, a revision of `model`."""
    found: defaultdict[type[Model], set[int]] = defaultdict(set)
    for field in model._meta.get_fields():
        value = content.get(field.name)
        if isinstance(field, ForeignKey) and field.related_model in PRELOADED and isinstance(value, int):
            found[field.related_model].add(value)
        elif isinstance(field, StreamField) and value:
            raw = json.loads(value) if isinstance(value, str) else value
            for chosen_model, pk in _walk(field.stream_block, raw):
                found[chosen_model].add(pk)
    for relation in get_all_child_relations(model):
        for row in content.get(relation.get_accessor_name()) or ():
            for chosen_model, numbers in chosen_in(relation.related_model, row).items():
                found[chosen_model] |= numbers
    return found


def _chosen(value: StreamValue) -> Iterator[tuple[type[Model], int]]:
    if not isinstance(value, StreamValue):
        raise TypeError(f"preloading takes StreamField values, not {type(value).__name__}.")
    yield from _walk(value.stream_block, list(value.raw_data))


def _walk(block: Block, raw: Any) -> Iterator[tuple[type[Model], int]]:
    """Yield the objects chosen in the stored form of a value; skip data that does not fit the block."""
    if isinstance(block, ChooserBlock):
        if isinstance(raw, int) and block.model_class in PRELOADED:
            yield block.model_class, raw
        return
    for child, value in _children(block, raw):
        if _may_choose(child):
            yield from _walk(child, value)


def _may_choose(block: Block) -> bool:
    """Return whether something can be chosen in a block: most are texts. Found out once for each block."""
    known: bool | None = block.__dict__.get(MAY_CHOOSE)
    if known is None:
        # Until it is known: a block may hold itself.
        block.__dict__[MAY_CHOOSE] = True
        inside = [*getattr(block, "child_blocks", {}).values()]
        if isinstance(block, ListBlock):
            inside.append(block.child_block)
        known = isinstance(block, ChooserBlock) or any(map(_may_choose, inside))
        block.__dict__[MAY_CHOOSE] = known
    return known


def _children(block: Block, raw: Any) -> Iterator[tuple[Block, Any]]:
    """Yield the blocks inside of `block` with their stored values."""
    if isinstance(block, StructBlock) and isinstance(raw, Mapping):
        yield from ((child, raw.get(name)) for name, child in block.child_blocks.items())
    elif isinstance(block, StreamBlock):
        for item in _list(raw):
            if isinstance(item, Mapping) and (child := block.child_blocks.get(item.get("type"))):
                yield child, item.get("value")
    elif isinstance(block, ListBlock):
        for item in _list(raw):
            # Older lists hold bare values. Wagtail distinguishes them in the same way.
            is_item = isinstance(item, Mapping) and "id" in item and item.get("type") == "item"
            yield block.child_block, item.get("value") if is_item else item


def _list(raw: Any) -> Sequence[Any]:
    return raw if isinstance(raw, list | tuple) else ()
