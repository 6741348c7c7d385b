"""The layout of the project: apps import downward only, files stay small, `site` is not a package."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS_AT_ROOT = ("media", "experiences", "casestudies")
OURS = {".py", ".html", ".css", ".js"}
NOT_OURS = ("/migrations/", "/vendor/", "/node_modules/")
LONGEST = 400
LONGEST_PYTHON_FILE = 300
# The formatter puts each declaration on its own line, and each style sheet is one request for every visitor.
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
def copied_project(tmp_path: Path) -> Path:
    """A copy of the apps in which a test may plant a file."""
    ignore = shutil.ignore_patterns("__pycache__", "static", "templates", "locale")
    for folder in ("site", *APPS_AT_ROOT):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignore)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_apps_import_downward_only() -> None:
    run = lint_imports(ROOT)
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize(
    ("file", "planted"),
    [
        ("media/planted.py", "import experiences\n"),
        ("media/planted.py", "def hidden():\n    from conditions import models\n    return models\n"),
        ("site/consent/planted.py", "def hidden():\n    import publication.gate\n"),
        ("site/publication/planted.py", "if TYPE_CHECKING:\n    from withdrawal import services\n"),
        ("site/cohorts/planted.py", "from casestudies import models\n"),
        ("site/news/planted.py", "import information\n"),
        ("site/audit/planted.py", "import config.settings.base\n"),
    ],
    ids=[
        "upward",
        "inside a function",
        "inside a function, of a module",
        "for types",
        "of the app above",
        "between neighbours",
        "of the settings",
    ],
)
def test_an_upward_import_is_noticed(copied_project: Path, file: str, planted: str) -> None:
    (copied_project / file).write_text(planted)
    run = lint_imports(copied_project)
    assert run.returncode == 1, run.stdout
    assert file.removeprefix("site/").removesuffix(".py").replace("/", ".") in run.stdout


def test_every_app_is_under_the_contract() -> None:
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = {app.strip() for layer in contract["contracts"][0]["layers"] for app in layer.split("|")}
    found = {folder.parent.name for folder in [*ROOT.glob("*/__init__.py"), *ROOT.glob("site/*/__init__.py")]}
    assert layers == set(contract["root_packages"]) == found


def test_site_is_not_a_package() -> None:
    """The standard library owns the module name `site`; a package of that name breaks the interpreter."""
    assert not (ROOT / "site" / "__init__.py").exists()


def tracked_files() -> list[Path]:
    run = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if run.returncode:
        pytest.skip("this is not a Git clone, so there is no list of files to check")
    return [ROOT / name for name in run.stdout.split("\0") if name and (ROOT / name).is_file()]


def longest_allowed(file: Path) -> int:
    is_product_code = file.suffix == ".py" and "tests" not in file.relative_to(ROOT).parts
    return {".css": LONGEST_STYLE_SHEET}.get(file.suffix, LONGEST_PYTHON_FILE if is_product_code else LONGEST)


def test_no_file_is_long() -> None:
    long = {
        f"{file.relative_to(ROOT)}: {lines} lines"
        for file in tracked_files()
        if file.suffix in OURS and not any(part in f"/{file.relative_to(ROOT)}" for part in NOT_OURS)
        if (lines := file.read_text().count("\n")) > longest_allowed(file)
    }
    assert long == set()
