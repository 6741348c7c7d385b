"""The house keeps its shape: rooms import downward only, files stay small, `site` is no package."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS_AT_ROOT = ("media", "experiences", "casestudies")
OURS = {".py", ".html", ".css", ".js"}
NOT_OURS = ("/migrations/", "/vendor/", "/node_modules/")
LONGEST = 400
# The formatter gives each declaration a line of its own, and each style sheet is one request of every visitor.
LONGEST_STYLE_SHEET = 1_100


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--config", "pyproject.toml"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": "site:."},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy_of_house(tmp_path: Path) -> Path:
    """A copy of the rooms in which a test may plant something."""
    ignore = shutil.ignore_patterns("__pycache__", "static", "templates", "locale")
    for folder in ("site", *ROOMS_AT_ROOT):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignore)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_rooms_import_downward_only() -> None:
    run = lint_imports(ROOT)
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize(
    ("file", "planted"),
    [
        ("media/planted.py", "import experiences\n"),
        ("media/planted.py", "def hidden():\n    from conditions import models\n    return models\n"),
        ("site/news/planted.py", "import casestudies\n"),
        ("site/people/planted.py", "import config.settings.base\n"),
    ],
    ids=["upward", "hidden in a function", "between neighbours", "of the settings"],
)
def test_an_upward_import_is_noticed(copy_of_house: Path, file: str, planted: str) -> None:
    (copy_of_house / file).write_text(planted)
    run = lint_imports(copy_of_house)
    assert run.returncode == 1, run.stdout
    assert file.removeprefix("site/").removesuffix(".py").replace("/", ".") in run.stdout


def test_every_room_is_under_the_contract() -> None:
    import tomllib

    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = {room.strip() for layer in contract["contracts"][0]["layers"] for room in layer.split("|")}
    found = {folder.parent.name for folder in [*ROOT.glob("*/__init__.py"), *ROOT.glob("site/*/__init__.py")]}
    assert layers == set(contract["root_packages"]) == found


def test_site_is_no_package() -> None:
    """The standard library owns the module name `site`; a package of that name breaks the interpreter."""
    assert not (ROOT / "site" / "__init__.py").exists()


def tracked_files() -> list[Path]:
    run = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if run.returncode:
        pytest.skip("this is no git clone, so there is no list of files to check")
    return [ROOT / name for name in run.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_is_long() -> None:
    long = {
        f"{file.relative_to(ROOT)}: {lines} lines"
        for file in tracked_files()
        if file.suffix in OURS and not any(part in f"/{file.relative_to(ROOT)}" for part in NOT_OURS)
        if (lines := file.read_text().count("\n"))
        > (LONGEST_STYLE_SHEET if file.suffix == ".css" else LONGEST)
    }
    assert long == set()
