"""A StreamField whose migrations stay quiet."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import JSONField
from wagtail.fields import StreamField


class QuietStreamField(StreamField):
    """StreamField that leaves its block definitions out of migrations.

    The database column is the same JSON whatever the blocks are: a new block type does not change the schema,
    and should not look as if it did in a migration.
    """

    @cached_property
    def json_field(self) -> JSONField[Any, Any]:
        # Wagtail makes one for each value that is read or written.
        field: JSONField[Any, Any] = super().json_field
        return field

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [[]], kwargs
