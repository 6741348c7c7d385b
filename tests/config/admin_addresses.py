"""Every address of the admin, with a key of something that is there for each place in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Address:
    """`route` as the resolver knows it ('people/edit/<str:pk>/'), without the leading 'admin/'; `name`: its
    name.
    """

    route: str
    name: str


def addresses(below: str = "admin/") -> list[Address]:
    """All of them, in the resolver's order."""

    def walk(resolver: Any, prefix: str) -> Iterator[Address]:
        for pattern in resolver.url_patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern, route)
            elif isinstance(pattern, URLPattern) and route.startswith(below):
                yield Address(route.removeprefix(below), pattern.name or "")

    return list(walk(get_resolver(), ""))


PLACE = re.compile(r"<(?:[a-z_]+:)?([a-z_]+)>|\(\?P<([a-z_]+)>[^)]*\)")


def filled(route: str, keys: dict[str, Any]) -> str:
    """Return the route as a path, with all parameters filled. KeyError names one without a value."""

    def key(found: re.Match[str]) -> str:
        return str(keys[found.group(1) or found.group(2)])

    return (
        PLACE.sub(key, route)
        .replace("^", "")
        .replace("$", "")
        .replace("\\Z", "")
        .replace("\\d+", "1")
        .replace("\\.", ".")
    )
