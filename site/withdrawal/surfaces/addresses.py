"""The paths of public pages and files, and those that were removed and answer 410."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from django.core.files.storage import default_storage
from wagtail.models import Page

from audit.trail import fingerprint
from withdrawal.models import GoneAddress

# Marks a path whose whole subtree was removed with it: a page's downloads lie below the page.
BELOW = "*"


def path_of(page: Page) -> str:
    """Return a page's path, '/experiences/fourteen-stairs/', or '' for a page outside every site."""
    parts = page.get_url_parts()
    return unquote(parts[2]) if parts and parts[2] else ""


def path_of_file(name: str) -> str:
    """Return the path of a public file, or '' if the storage has no permanent addresses."""
    try:
        return unquote(urlsplit(default_storage.url(name)).path)
    except (NotImplementedError, ValueError):
        return ""


def _hash(path: str) -> str:
    return fingerprint("address", path.rstrip("/") or "/")


def record_removed(paths: Iterable[str], *, below: Iterable[str] = ()) -> None:
    """Answer 410 from now on at these paths, and at everything below those in `below`."""
    hashes = {_hash(path) for path in paths} | {_hash(path + BELOW) for path in below}
    GoneAddress.objects.filter(address_hash__in=hashes, is_back=True).update(is_back=False)
    GoneAddress.objects.bulk_create(
        [GoneAddress(address_hash=address_hash) for address_hash in sorted(hashes)], ignore_conflicts=True
    )


def record_restored(paths: Iterable[str]) -> None:
    """Stop answering 410 at these paths: a page is published there again."""
    hashes = {_hash(address) for path in paths for address in (path, path + BELOW)}
    GoneAddress.objects.filter(address_hash__in=hashes).update(is_back=True)


def is_gone(path: str) -> bool:
    """Return True if the page or file at this path, or a page above it, was removed. One query."""
    steps = [step for step in path.split("/") if step]
    above = ["/" + "/".join(steps[:number]) + "/" for number in range(1, len(steps))]
    hashes = [_hash(path), *(_hash(parent + BELOW) for parent in above)]
    return GoneAddress.objects.filter(address_hash__in=hashes, is_back=False).exists()
