"""Reads the site's sitemap as a search engine does: the index, and every part that it names."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

NS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def entries(client: Any, path: str, item: str) -> dict[str, str | None]:
    """Return the day of the last change of each address in one file."""
    response = client.get(path)
    assert response.status_code == 200, path
    assert response["Content-Type"] == "application/xml"
    return {
        str(one.findtext("s:loc", namespaces=NS)): one.findtext("s:lastmod", namespaces=NS)
        for one in ElementTree.fromstring(response.content).findall(f"s:{item}", NS)
    }


def part_paths(client: Any) -> list[str]:
    """Return the paths of all parts."""
    return [urlsplit(location).path for location in entries(client, "/sitemap.xml", "sitemap")]


def addresses(client: Any) -> dict[str, str | None]:
    """Return the day of the last change of every address in the whole sitemap."""
    found: dict[str, str | None] = {}
    for path in part_paths(client):
        part = entries(client, path, "url")
        assert 0 < len(part) <= 2_000
        assert not found.keys() & part.keys()
        found |= part
    return found
