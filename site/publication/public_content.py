"""The content of a page that visitors can see, as plain data. A family approves exactly this content."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from wagtail.fields import StreamField
from wagtail.models import COMMENTS_RELATION_NAME, Page

from publication.shown_files import references_of
from publication.stored_rows import rows_of

# What an editor states about a quote and no visitor sees; and what visitors see where it is filled in
# (attribution.blocks.QuoteBlock).
_UNSEEN_OF_QUOTES = frozenset({"said_by", "unnamed_because", "unnamed_note"})
_SOURCE = "source_url"


@functools.cache
def bookkeeping() -> frozenset[str]:
    """Return the fields that change without a change for visitors: position in the tree, dates, locks,
    comments.
    """
    names = {field.name for field in Page._meta.get_fields()} | {COMMENTS_RELATION_NAME, "page_ptr"}
    return frozenset(names) - {"title", "seo_title", "search_description"}


def content_of(page: Page) -> dict[str, Any]:
    """Return everything that visitors may see of a page about a person."""
    unseen = bookkeeping() | page.private_fields
    # The files first: listing them reads every stream, and a stream that was read serialises differently from
    # one that was not.
    files = _files_shown(page)
    stored: dict[str, Any] = page.serializable_data()
    content = {name: value for name, value in stored.items() if name not in unseen}
    for field in page._meta.concrete_fields:
        if isinstance(field, StreamField) and (text := content.get(field.name)):
            content[field.name] = without_statements(text)
    return {**content, "files": files}


def without_statements(text: str) -> str:
    """Return a stream as it is stored, without what an editor states about its quotes and no visitor sees.

    Text without such statements stays as it is: a family's approval of it stays valid.
    """
    if not any(f'"{key}"' in text for key in (*_UNSEEN_OF_QUOTES, _SOURCE)):
        return text
    return json.dumps(_stated_left_out(json.loads(text)), cls=DjangoJSONEncoder)


def _stated_left_out(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _stated_left_out(item)
            for key, item in value.items()
            # An empty address of a source is as good as none.
            if key not in _UNSEEN_OF_QUOTES and (item or key != _SOURCE)
        }
    return [_stated_left_out(item) for item in value] if isinstance(value, list) else value


def hash_of(content: dict[str, Any]) -> str:
    """Return the SHA-256 of public content, equal for equal words, pictures and times on any page."""
    plain = _without_keys(content)
    return hashlib.sha256(json.dumps(plain, sort_keys=True, cls=DjangoJSONEncoder).encode()).hexdigest()


def _files_shown(page: Page) -> list[list[str]]:
    """Return [model, file name, alternative text] of each file, and what else is shown with it.

    A new file makes another picture. Credit, captions and a typed transcript follow only where there are any.
    """
    found: dict[Any, set[str]] = {}
    for to_type, number, _model_path, _path in references_of(page):
        model = ContentType.objects.get_for_id(to_type).model_class()
        if model is not None and hasattr(model, "file"):
            found.setdefault(model, set()).add(number)
    return sorted(
        shown_file(row)
        for model, numbers in found.items()
        for row in rows_of(model).of_all(sorted(map(int, numbers))).values()
        if row is not None
    )


def shown_file(file: Any) -> list[str]:
    """Return [model, file name, alternative text or title, what is shown with it]."""
    words = str(getattr(file, "alt_text", file.title))
    return [file._meta.label, str(file.file), words, *filter(None, _beside(file))]


def _beside(file: Any) -> Iterator[str]:
    """Yield the words and files that are shown together with a file."""
    yield getattr(file, "credit", "")
    yield getattr(file, "fitting_transcript", "")
    yield from sorted(str(track.file) for track in getattr(file, "fitting_tracks", ()))
    if (poster := str(getattr(file, "poster", None) or "")) and not poster.endswith("/poster.jpg"):
        yield poster  # one that was chosen; others are taken from the file


def _without_keys(value: Any) -> Any:
    """Return `value` without the keys of rows in child tables, which a copy of the page does not share."""
    if isinstance(value, dict):
        return {key: _without_keys(item) for key, item in value.items() if key not in {"pk", "page"}}
    return [_without_keys(item) for item in value] if isinstance(value, list) else value
