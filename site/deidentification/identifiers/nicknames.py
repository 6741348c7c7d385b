"""Well-known short and pet forms of names, which a list alone knows: 'Kasia' of 'Katarzyna'. Pure."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from pathlib import Path

from deidentification.identifiers.letters import plain

FILE = Path(__file__).with_name("nicknames.txt")


def short_forms(name: str) -> tuple[str, ...]:
    """Return the short and pet forms of one name, as they are written."""
    return tuple(_forms().get(plain(name), ()))


@cache
def _forms() -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for line in FILE.read_text(encoding="utf-8").splitlines():
        names, _equals, forms = line.partition("=")
        if not line.startswith("#"):
            for name in names.split():
                found[plain(name)] += [form for form in forms.split() if form not in found[plain(name)]]
    return dict(found)
