"""What `.ci/run` says at its end about tests that passed only on a retry."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.retries import VARIABLE

ROOT = Path(__file__).resolve().parents[2]
CONFTEST = "from tests.retries import watch_retries as pytest_configure\n"
TESTS = """
import pytest

tries = []

@pytest.mark.flaky(reruns=1)
def test_second_try():
    tries.append(1)
    assert len(tries) > 1

@pytest.mark.flaky(reruns=1)
def test_never():
    assert False

@pytest.mark.flaky(reruns=1)
def test_at_once():
    pass

@pytest.fixture
def slow_start():
    tries.append("fixture")
    assert tries.count("fixture") > 1

@pytest.mark.flaky(reruns=1)
def test_fixture(slow_start):
    pass
"""


@pytest.mark.parametrize("workers", ["0", "2"])
def test_tests_that_passed_only_on_a_retry_are_named(tmp_path: Path, workers: str) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_tiny.py").write_text(TESTS)
    file = tmp_path / "retries.txt"
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", workers, "--dist", "loadfile", "-p", "no:django"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), VARIABLE: str(file)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 failed, 3 passed, 3 rerun" in run.stdout, run.stdout + run.stderr
    named = ["test_tiny.py::test_second_try", "test_tiny.py::test_fixture"]
    assert file.read_text().splitlines() == named


@pytest.mark.parametrize(
    ("retried", "rc", "said"),
    [
        ("", 0, "No test needed a retry.\n"),
        ("", 1, ""),
        ("tests/a.py::test_x\n", 0, "Passed only on a retry: tests/a.py::test_x\n"),
        (
            "tests/a.py::test_x\ntests/b.py::test_y[1 2]\ntests/a.py::test_x\n",
            1,
            "Passed only on a retry: tests/a.py::test_x\nPassed only on a retry: tests/b.py::test_y[1 2]\n",
        ),
    ],
)
def test_the_last_lines_of_a_run_name_the_retries(retried: str, rc: int, said: str) -> None:
    """The end of .ci/run, without what it runs: it is printed after a failure, too."""
    whole = (ROOT / ".ci" / "run").read_text()
    start, end = whole.index("# Retries"), whole.index("# End of retries")
    script = f'set -euo pipefail\n{whole[start:end]}\nprintf %s "$1" > "${VARIABLE}"\nexit {rc}\n'
    run = subprocess.run(["bash", "-c", script, "run", retried], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (rc, said), run.stderr
