"""The paths under which pages and files are met, and those that are gone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.files.storage import default_storage

from audit.trail import fingerprint
from withdrawal.models import GoneAddress

# An address that everything below it shares the fate of: a page's downloads lie below the page.
BELOW = "*"


def path_of(page: Any) -> str:
    """'/experiences/fourteen-stairs/'; '' for a page that lies in no site."""
    parts = page.get_url_parts()
    return unquote(parts[2]) if parts and parts[2] else ""


def path_of_file(name: str) -> str:
    """The path of a public file, '' where the storage hands out no lasting address."""
    try:
        return unquote(urlsplit(default_storage.url(name)).path)
    except (NotImplementedError, ValueError):
        return ""


def _hash(path: str) -> str:
    return fingerprint("address", path.rstrip("/") or "/")


def close(paths: Iterable[str], *, below: Iterable[str] = ()) -> None:
    """From now on these paths answer 410, and everything that lies below those in `below`."""
    hashes = {_hash(path) for path in paths} | {_hash(path + BELOW) for path in below}
    GoneAddress.objects.filter(address_hash__in=hashes, is_back=True).update(is_back=False)
    GoneAddress.objects.bulk_create(
        [GoneAddress(address_hash=one) for one in sorted(hashes)], ignore_conflicts=True
    )


def reopen(paths: Iterable[str]) -> None:
    """Something is shown there again."""
    hashes = {_hash(one) for path in paths for one in (path, path + BELOW)}
    GoneAddress.objects.filter(address_hash__in=hashes).update(is_back=True)


def is_gone(path: str) -> bool:
    """Whether what stood at this path, or at one above it, was taken down. One query."""
    steps = [step for step in path.split("/") if step]
    above = ["/" + "/".join(steps[:number]) + "/" for number in range(1, len(steps))]
    hashes = [_hash(path), *(_hash(one + BELOW) for one in above)]
    return GoneAddress.objects.filter(address_hash__in=hashes, is_back=False).exists()
