"""Every module and function that docs/architecture.md names exists, so that a newcomer can follow it."""

from __future__ import annotations

import importlib
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def apps_in_order() -> list[str]:
    """Return the apps of the layer contract, lowest first; those of one layer in alphabetical order."""
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    layers = [sorted(app.strip() for app in layer.split("|")) for layer in reversed(contract["layers"])]
    return [app for layer in layers for app in layer]


APPS = apps_in_order()
DOTTED = re.compile(r"`((?:" + "|".join(APPS) + r")(?:\.\w+)+)(?:\([^`]*\))?`")
NAMES = sorted(set(DOTTED.findall(DOCUMENT)))


def resolve(name: str) -> Any:
    """Import as much of a dotted name as is a module, and read the rest as attributes."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError as error:
            if error.name is None or not name.startswith(error.name):
                raise
            continue
        for attribute in parts[length:]:
            found = getattr(found, attribute)
        return found
    raise AssertionError(f"{name} is not a module")


def test_the_document_names_modules() -> None:
    assert len(NAMES) > 40


@pytest.mark.parametrize("name", NAMES)
def test_every_name_exists(name: str) -> None:
    assert resolve(name) is not None


def test_a_name_that_does_not_exist_is_noticed() -> None:
    with pytest.raises(AttributeError):
        resolve("publication.gate.open_sesame")


def test_all_apps_are_listed_in_the_order_of_the_contract() -> None:
    rows = re.findall(r"^\| (`[^|]+`) \| [a-z]", DOCUMENT, re.MULTILINE)
    listed = [sorted(re.findall(r"`(\w+)`", row)) for row in rows]
    assert [app for row in listed for app in row] == APPS
