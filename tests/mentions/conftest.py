"""Shared by the tests of mentions."""

from __future__ import annotations

import pytest

from attribution import rules


@pytest.fixture
def names_not_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are published as before editors were asked whom a name means (`test_naming`): many still are."""
    monkeypatch.setattr(rules, "namings", [])
