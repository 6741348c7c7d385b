"""What follows a commit, and may fail without undoing it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction


def after_commit(function: Callable[..., Any], *arguments: Any, **named: Any) -> None:
    """Call `function` once the transaction is committed, at once outside of one. Its failure is logged, not raised.

    Not `on_commit(partial(...), robust=True)`: Django names a failing function in its log by an attribute that a partial
    lacks, so that the failure of one would be raised after all.
    """

    def follow() -> None:
        function(*arguments, **named)

    follow.__qualname__ = getattr(function, "__qualname__", repr(function))
    transaction.on_commit(follow, robust=True)
