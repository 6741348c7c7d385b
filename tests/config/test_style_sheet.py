"""The style sheet of the public pages is one file, made of its parts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from config.style_sheet import PARTS, SHEET, PublicStyleSheet
from tests import factories as make

STATIC = Path(__file__).resolve().parents[2] / "site" / "static"


@pytest.fixture
def finder(settings: Any, tmp_path: Path) -> PublicStyleSheet:
    settings.STATIC_ROOT = tmp_path / "static"
    return PublicStyleSheet()


def test_it_holds_its_parts_in_order(finder: PublicStyleSheet) -> None:
    text = Path(finder.find(SHEET)).read_text()

    assert text == "".join((STATIC / part).read_text() for part in PARTS)
    assert [name for name, _storage in finder.list(None)] == [SHEET]
    assert finder.find(SHEET, find_all=True) == [finder.find(SHEET)]
    assert finder.find(PARTS[0]) == []
    assert finders.find(SHEET)


def test_it_is_written_again_only_when_a_part_changes(
    finder: PublicStyleSheet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = tmp_path / "part.css"
    part.write_text("p { color: teal }")
    monkeypatch.setattr("config.style_sheet.find", lambda _name: str(part))
    file = Path(finder.find(SHEET))
    written = file.stat().st_mtime_ns
    assert Path(finder.find(SHEET)).stat().st_mtime_ns == written

    part.write_text("p { color: navy }")
    assert "navy" in Path(finder.find(SHEET)).read_text()
    assert "teal" not in file.read_text()


@pytest.mark.django_db
def test_a_page_asks_for_one_sheet(client: Client) -> None:
    html = client.get(make.StandardPageFactory().url).content.decode()
    assert re.findall(r'rel="stylesheet" href="([^"]+)"', html) == [f"/static/{SHEET}"]
