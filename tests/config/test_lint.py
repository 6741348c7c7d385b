"""Each check of `make lint` on JavaScript, CSS and templates can fail."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
BIOME = ROOT / "tests" / "node_modules" / ".bin" / "biome"
CONFIGURATION = ROOT / "tests" / "web.jsonc"
GOOD = {"good.js": 'document.title = "Firsthand";\n', "good.css": "a {\n\tcolor: red;\n}\n"}


def run_biome(root: Path) -> subprocess.CompletedProcess[str]:
    # The launcher is a Node.js script, and Node.js is in the folder of Python.
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    command = [
        str(BIOME),
        "check",
        "--error-on-warnings",
        "--max-diagnostics=100",
        "--config-path=tests/web.jsonc",
    ]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project that has the linter's configuration, a good script and a good style sheet."""
    (tmp_path / "tests").mkdir()
    shutil.copy(CONFIGURATION, tmp_path / "tests")
    static = tmp_path / "site" / "static"
    static.mkdir(parents=True)
    for name, text in GOOD.items():
        (static / name).write_text(text)
    return tmp_path


def test_biome_is_content_with_good_files(project: Path) -> None:
    run = run_biome(project)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Checked 2 files" in run.stderr


# By file: its text, and what is wrong with it.
SCRIPTS = {
    "unused.js": ('const unused = "";\n', "lint/correctness/noUnusedVariables"),
    "undeclared.js": ("document.title = missing;\n", "lint/correctness/noUndeclaredVariables"),
    "equal.js": ('if (document.title == "") document.title = "x";\n', "lint/suspicious/noDoubleEquals"),
    "constant.js": ("let title = document.title;\nconsole.log(title);\n", "lint/style/useConst"),
    "var.js": ('var title = "";\ntitle += document.title;\nconsole.log(title);\n', "lint/suspicious/noVar"),
    "egg.js": ('import "./hen.js";\n', "lint/suspicious/noImportCycles"),
    "hen.js": ('import "./egg.js";\n', "lint/suspicious/noImportCycles"),
    "broken.js": ("document.title = ;\n", "parse"),
}
STYLE_SHEETS = {
    "property.css": ("a {\n\tcolour: red;\n}\n", "lint/correctness/noUnknownProperty"),
    "twice.css": ("a {\n\tcolor: red;\n\tcolor: blue;\n}\n", "lint/suspicious/noDuplicateProperties"),
    "unit.css": ("a {\n\twidth: 1pix;\n}\n", "lint/correctness/noUnknownUnit"),
    "broken.css": ("a {\n", "parse"),
}


@pytest.mark.parametrize(
    "planted",
    [
        SCRIPTS,
        STYLE_SHEETS,
        {"format.js": ("document.title = 'x'\n", "format")},
        {"format.css": ("a{color:red}\n", "format")},
    ],
    ids=["scripts", "style sheets", "format of a script", "format of a style sheet"],
)
def test_biome_notices_bad_files(project: Path, planted: dict[str, tuple[str, str]]) -> None:
    for name, (text, _complaint) in planted.items():
        (project / "site" / "static" / name).write_text(text)
    run = run_biome(project)
    assert run.returncode == 1
    for name, (_text, complaint) in planted.items():
        assert re.search(rf"/{re.escape(name)}(:\d+:\d+)? {complaint}\b", run.stdout + run.stderr), name


@pytest.mark.parametrize(("length", "status"), [(160, 0), (161, 1)])
def test_a_long_template_line_is_noticed(tmp_path: Path, length: int, status: int) -> None:
    template = tmp_path / "page.html"
    template.write_text(f"<p>ü</p>\n{'ü' * length}\n", encoding="utf-8")
    command = [sys.executable, str(ROOT / "tests" / "checks" / "template_lines.py"), str(template)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == status
    assert run.stdout == (f"{template}:2: 161 characters, at most 160 are allowed\n" if status else "")


def test_djade_notices_a_template_in_another_style(tmp_path: Path) -> None:
    template = tmp_path / "page.html"
    template.write_text("{%load i18n%}\n")
    command = [str(BIN / "djade"), "--check", "--target-version", "5.2", str(template)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 1


def test_the_lock_file_names_no_host() -> None:
    assert '"resolved"' not in (ROOT / "tests" / "package-lock.json").read_text()
