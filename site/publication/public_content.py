"""The content of a page that visitors can see, as plain data. A family approves exactly this content."""

from __future__ import annotations

import functools
import hashlib
import json
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from wagtail.models import COMMENTS_RELATION_NAME, Page, ReferenceIndex


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
    return {**content, "files": files}


def hash_of(content: dict[str, Any]) -> str:
    """Return the SHA-256 of public content, equal for equal words, pictures and times on any page."""
    plain = _without_keys(content)
    return hashlib.sha256(json.dumps(plain, sort_keys=True, cls=DjangoJSONEncoder).encode()).hexdigest()


def _files_shown(page: Page) -> list[list[str]]:
    """Return [model, file name, alternative text] of each file. A new file makes another picture."""
    found: dict[type[Any], set[str]] = {}
    for to_type, number, _model_path, _path in ReferenceIndex._extract_references_from_object(page):
        model = ContentType.objects.get_for_id(to_type).model_class()
        if model is not None and hasattr(model, "file"):
            found.setdefault(model, set()).add(number)
    return sorted(
        [model._meta.label, str(name), str(alt)]
        for model, numbers in found.items()
        for name, alt in model._default_manager.filter(pk__in=numbers).values_list(
            "file", "alt_text" if hasattr(model, "alt_text") else "title"
        )
    )


def _without_keys(value: Any) -> Any:
    """Return `value` without the keys of rows in child tables, which a copy of the page does not share."""
    if isinstance(value, dict):
        return {key: _without_keys(item) for key, item in value.items() if key not in {"pk", "page"}}
    return [_without_keys(item) for item in value] if isinstance(value, list) else value
