"""Tests that share a fixture that is dear to make reach the same worker."""

from __future__ import annotations

from pathlib import Path

from tests.schedule import LONG, ROOT, group


def test_files_that_use_the_demo_site_are_one_group() -> None:
    users = [
        str(path.relative_to(ROOT))
        for path in Path(ROOT, "tests").glob("*/test_*.py")
        if path != Path(__file__) and "demo_site: DemoSite" in path.read_text(encoding="utf-8")
    ]
    assert len(users) >= 5
    assert {file: group(file) for file in users} == dict.fromkeys(users, "demo site")


def test_any_other_file_is_a_group_of_its_own() -> None:
    assert group("tests/config/test_schedule.py") == "tests/config/test_schedule.py"


def test_the_long_ones_exist() -> None:
    assert all(name in {"demo site", "nodes"} or (ROOT / name).exists() for name in LONG)
