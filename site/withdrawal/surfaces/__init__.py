"""The places where content about a person is shown. Preview, takedown, receipt and tests all use this
registry.

Each app registers its own surfaces in its module `surfaces`, which is found by name at start-up, so a lower
app need not know the higher ones. A test fails for an address or a kind of public file that no surface
covers.
"""

from __future__ import annotations

from withdrawal.surfaces.registry import (
    Scope,
    Surface,
    SurfaceContent,
    caches_only,
    exempt,
    exempted,
    find,
    get,
    register,
    registered,
)

__all__ = [
    "Scope",
    "Surface",
    "SurfaceContent",
    "caches_only",
    "exempt",
    "exempted",
    "find",
    "get",
    "register",
    "registered",
]
