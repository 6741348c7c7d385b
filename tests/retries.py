"""Name the tests that passed only on a retry, one a line, in the file that FIRSTHAND_RETRIES names.

A retry is easily overlooked in the middle of a long run: `.ci/run` prints these lines at its very end.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

VARIABLE = "FIRSTHAND_RETRIES"


class Retries:
    """Collects the reports of a run. Under pytest-xdist the workers send theirs to the main process."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.retried: dict[str, None] = {}  # in order
        self.failed: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        outcome: str = report.outcome  # pytest-rerunfailures adds one to those that pytest's types name
        if outcome == "rerun":
            self.retried[report.nodeid] = None
        elif report.failed:
            self.failed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        passed = [test for test in self.retried if test not in self.failed]
        with self.file.open("a", encoding="utf-8") as out:
            out.writelines(f"{test}\n" for test in passed)


def watch_retries(config: pytest.Config) -> None:
    """Collect retries where a file for them is named; in the main process alone."""
    file = os.environ.get(VARIABLE)
    if file and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Retries(Path(file)), "retries")
