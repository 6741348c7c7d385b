"""SQL as SQLite's driver wants it, rewritten once for each statement and not each time it is asked."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX, SQLiteCursorWrapper


@lru_cache(maxsize=512)
def with_question_marks(sql: str) -> str:
    """Return a statement with `?` in the place of `%s`, as `SQLiteCursorWrapper.convert_query` does."""
    return str(FORMAT_QMARK_REGEX.sub("?", sql).replace("%%", "%"))


def keep_rewritten_statements() -> None:
    """Have Django's cursors use what was rewritten before."""
    rewrite = SQLiteCursorWrapper.convert_query

    def convert_query(self: Any, query: Any, *, param_names: Any = None) -> Any:
        return (
            with_question_marks(str(query))
            if param_names is None
            else rewrite(self, query, param_names=param_names)
        )

    SQLiteCursorWrapper.convert_query = convert_query  # type: ignore[method-assign] # Django has no setting for it
