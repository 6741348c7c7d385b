"""The script that counts cycles of imports sees every kind of import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("import_cycles.py")


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, SCRIPT, "--root", root, *arguments], capture_output=True, text=True, check=False
    )


def write(root: Path, **files: str) -> Path:
    """Write files into the app `site/lamps`, named by their module: `a`, `m__a` for one in the package `m`,
    `init` for a package itself.
    """
    folder = root / "site" / "lamps"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in {"init": "", **files}.items():
        *inside, stem = name.split("__")
        path = folder.joinpath(*inside, "__init__.py" if stem == "init" else f"{stem}.py")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return root


@pytest.mark.parametrize(
    "files",
    [
        {"a": "from lamps import b\n", "b": "import lamps.a\n"},
        {
            "a": "from lamps.b import x\n",
            "b": "def f():\n    # Django: loaded later\n    from lamps.a import y\n",
        },
        {"a": "from .b import x\n", "b": "if TYPE_CHECKING:\n    from . import a\n"},
        {"init": "from lamps.a import x\n", "a": "from lamps import y\n"},
        {"a": "from lamps.b import x\n", "b": "from lamps.c import x\n", "c": "from lamps.a import x\n"},
        {"m__init": "from .a import x\n", "m__a": "from ..m import y\n"},
    ],
    ids=["modules", "in a function", "for types", "package", "three", "relative package"],
)
def test_a_cycle_is_found(tmp_path: Path, files: dict[str, str]) -> None:
    result = run(write(tmp_path, **files))
    assert result.returncode == 1
    assert "1 cycles of imports" in result.stdout
    assert run(tmp_path, "--only", "stoves").returncode == 0


def test_imports_in_one_direction_are_not_a_cycle(tmp_path: Path) -> None:
    files = {
        "init": "",
        "a": "from lamps.b import x\nimport os\n",
        "b": "from lamps import c\n",
        "c": "import sys\n",
    }
    result = run(write(tmp_path, **files))
    assert (result.returncode, result.stdout[:8]) == (0, "0 cycles")


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ("    from lamps import b\n", 1),
        ("    x = 1\n    from lamps import b\n", 1),
        ("    # Django: models are loaded later.\n    from lamps import b\n    from lamps import c\n", 0),
        ("    from lamps import b  # Django: models are loaded later.\n", 0),
        ("    from os import path\n", 0),
    ],
)
def test_an_import_in_a_function_needs_a_comment(tmp_path: Path, lines: str, status: int) -> None:
    root = write(tmp_path, a=f"def f():\n{lines}", b="", c="")
    assert run(root).returncode == status


def test_media_and_conditions_have_none() -> None:
    result = run(SCRIPT.parents[2], "--only", "media,conditions")
    assert result.returncode == 0, result.stdout
