"""Work that is done after a commit and may fail without undoing it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction


def after_commit(function: Callable[..., Any], *arguments: Any, **named: Any) -> None:
    """Call `function` once the transaction is committed, or at once outside one. Failures are only logged.

    This does not use `on_commit(partial(...), robust=True)`: Django logs a failing function by an attribute
    that a partial lacks, so that its failure would be raised after all.
    """

    def call() -> None:
        function(*arguments, **named)

    call.__qualname__ = getattr(function, "__qualname__", repr(function))
    transaction.on_commit(call, robust=True)
