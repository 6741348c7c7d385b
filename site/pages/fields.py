"""A StreamField whose migrations stay quiet."""

from __future__ import annotations

from typing import Any

from wagtail.fields import StreamField


class QuietStreamField(StreamField):
    """StreamField that leaves its block definitions out of migrations.

    The database column is the same JSON whatever the blocks are: a new block type does not change the schema,
    and should not look as if it did in a migration.
    """

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [[]], kwargs
