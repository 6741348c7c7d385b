"""The script that counts the dialect."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("dialect.py")


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, SCRIPT, "--root", root, *arguments], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("It is no page. Nobody mends it anew.", 4),
        ("Whoever rests on somebody, everybody: it is no CSV file.", 5),
        (
            "There is no page. It is no longer there; no one fixes it again. Recommend it. The rest only waits.",
            0,
        ),
    ],
)
@pytest.mark.parametrize("file", ["site/lamps/a.py", "site/templates/lamps/a.html", "docs/a.md", "README.md"])
def test_uses_are_counted(tmp_path: Path, file: str, sentence: str, number: int) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"# {sentence}\n")
    result = run(tmp_path, "--list")
    assert f"{number} uses of the dialect" in result.stdout
    assert result.stdout.count(f"{file}:1: ") == number
    assert result.returncode == 0


def test_too_many_fail(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("somebody\n" * 21)
    assert run(tmp_path).returncode == 1


def test_styles_and_migrations_are_left_out(tmp_path: Path) -> None:
    for file in ("site/lamps/migrations/0001.py", "site/static/a.css"):
        (tmp_path / file).parent.mkdir(parents=True)
        (tmp_path / file).write_text("/* somebody */\n")
    assert "0 uses" in run(tmp_path).stdout
