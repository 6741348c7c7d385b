"""The script that prints and limits sizes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("size.py")
FUNCTION = "def {name}() -> None:\n" + "    pass\n" * 4


def run(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, SCRIPT, "--root", root], capture_output=True, text=True, check=False
    )


def write(root: Path, file: str, text: str) -> None:
    path = root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def small_tree(tmp_path: Path) -> Path:
    """An app of a hundred lines with tests of the same length, and migrations that do not count."""
    write(tmp_path, "site/lamps/__init__.py", "")
    text = "\n".join(FUNCTION.format(name=f"f{number}") for number in range(10))
    write(tmp_path, "site/lamps/small.py", text)
    write(tmp_path, "site/lamps/migrations/0001_initial.py", "x = 1\n" * 9_000)
    write(tmp_path, "tests/lamps/test_small.py", "x = 1\n" * 60)
    return tmp_path


def test_figures_are_printed(small_tree: Path) -> None:
    result = run(small_tree)
    assert result.returncode == 0, result.stdout
    assert "lamps 59" in result.stdout
    assert "10 functions, p90 5 lines" in result.stdout
    assert "60 lines of tests, 101 %" in result.stdout


@pytest.mark.parametrize(
    ("file", "text", "sentence"),
    [
        ("site/lamps/long.py", "x = 1\n" * 301, "site/lamps/long.py has 301 lines"),
        ("site/lamps/deep.py", "def f():\n" + "    x = 1\n" * 60, "deep.py:1 f has 61 lines"),
        ("site/lamps/many.py", "x = 1\n" * 200, "Tests have 23 %"),
        ("site/lamps/small.py", "x = 1\n" * 150, "The median file has 75 lines"),
    ],
)
def test_a_figure_beyond_its_limit_fails(small_tree: Path, file: str, text: str, sentence: str) -> None:
    write(small_tree, file, text)
    result = run(small_tree)
    assert result.returncode == 1
    assert sentence in result.stdout


def test_an_app_may_not_grow_without_end(small_tree: Path) -> None:
    for number in range(16):
        write(small_tree, f"site/lamps/part{number}.py", "x = 1\n" * 290)
        write(small_tree, f"experiences/part{number}.py", "x = 1\n" * 290)
    result = run(small_tree)
    assert "The app lamps has 4699 lines; at most 4500" in result.stdout
    assert "The app experiences" not in result.stdout


def test_p90_of_functions(small_tree: Path) -> None:
    text = "\n".join(f"def g{number}():\n" + "    x = 1\n" * 25 for number in range(4))
    write(small_tree, "site/lamps/more.py", text)
    assert "One function in ten has over 20 lines (p90 is 26)" in run(small_tree).stdout
