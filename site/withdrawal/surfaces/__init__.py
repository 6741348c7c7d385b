"""Where somebody's page can be met: a registry that preview, takedown, receipt and tests are driven by.

Each room registers its own surfaces in its module `surfaces` (found by name at start-up, so a lower room need not know
the higher ones). An address or a kind of public file that no surface claims fails a test.
"""

from __future__ import annotations

from withdrawal.surfaces.registry import (
    Found,
    Scope,
    Surface,
    find,
    get,
    last_ones,
    register,
    registered,
    shows_nobody,
    silent,
)

__all__ = [
    "Found",
    "Scope",
    "Surface",
    "find",
    "get",
    "last_ones",
    "register",
    "registered",
    "shows_nobody",
    "silent",
]
