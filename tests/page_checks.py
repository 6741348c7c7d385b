"""Checks of finished pages: axe-core in the browser, html-validate on the text. `make test` installs both."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

FOLDER = Path(__file__).resolve().parent
AXE = FOLDER / "node_modules" / "axe-core" / "axe.min.js"
VALIDATOR = FOLDER / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"


def missing(what: str) -> None:
    reason = f"{what} is not installed; `make test` installs it"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def axe_violations(tab: Page, **options: Any) -> list[str]:
    """What axe-core objects to on the page that is open, one line for each kind and place."""
    if not AXE.exists():
        missing("axe-core")
    if not tab.evaluate("typeof axe === 'object'"):
        # Evaluated, not added as a script element: the site's content security policy need not allow it.
        tab.evaluate(AXE.read_text())
    # Only what is wrong is gathered and sent: the list of all that is right is many times as long as the
    # page.
    violations = tab.evaluate(
        "options => axe.run(document, { resultTypes: ['violations'], ...options }).then(({ violations }) => violations)",
        options,
    )
    return [
        f"{violation['id']} ({violation['impact']}): {violation['help']}: {node['target']} {node['html'][:200]}"
        for violation in violations
        for node in violation["nodes"]
    ]


def html_errors(pages: dict[str, str]) -> list[str]:
    """What html-validate objects to in `pages` (address -> HTML), one line each; all pages in one run."""
    node = shutil.which("node", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if node is None or not VALIDATOR.exists():
        missing("html-validate")
    assert node
    with tempfile.TemporaryDirectory() as folder:
        files = {}
        for number, (address, html) in enumerate(pages.items()):
            file = Path(folder, f"{number}.html")
            file.write_text(html)
            files[str(file)] = address
        command = [node, str(VALIDATOR), "--config", str(FOLDER / "htmlvalidate.json"), "--formatter", "json"]
        run = subprocess.run([*command, *files], capture_output=True, text=True, check=False)
    if run.returncode not in (0, 1) or not run.stdout:
        raise RuntimeError(f"html-validate did not run: {run.stderr or run.stdout}")
    return [
        f"{files[result['filePath']]}:{message['line']}:{message['column']} {message['ruleId']}: {message['message']}"
        for result in json.loads(run.stdout)
        for message in result["messages"]
        if message["severity"] == 2
    ]
