"""`make run`: two processes under one watch. Stand-ins for the quick tests, the real ones for the last."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from django.core.management import call_command

from config import server
from tests.migrated_database import lend
from withdrawal import sweep

ROOT = Path(__file__).resolve().parents[2]
SERVE = ROOT / "site" / "config" / "serve.py"

# Runs config.serve with other programs in the place of the two: what they are is given as Python source.
STAND_INS = """
import sys
sys.path.insert(0, {site!r})
from config import serve
def programs(host, port, environment):
    server = [sys.executable, "-c", {server!r}, host, str(port)]
    worker = [sys.executable, "-c", {worker!r}]
    return serve.Program("application server", server, environment), serve.Program("task worker", worker, environment)
serve.programs = programs
sys.exit(serve.main())
"""
LISTEN = (
    "import socket, sys, time\n"
    "s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)\n"
    "s.bind((sys.argv[1], int(sys.argv[2]))); s.listen()\n"
)
FOREVER = "import time\ntime.sleep(600)\n"


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def running(command: list[str], folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "PORT": str(port), "HOST": "127.0.0.1", "FIRSTHAND_VAR": str(folder)}
    for ours in ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "CACHE_URL"):
        environment.pop(ours, None)
    process = subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()
        for left in processes_of(folder):
            os.kill(left, signal.SIGKILL)


def processes_of(folder: Path) -> list[int]:
    """Every live process that was started with this FIRSTHAND_VAR, whatever became of its parent."""
    mark = f"FIRSTHAND_VAR={folder}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def wait_for(condition: Any, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def read_until(process: subprocess.Popen[str], words: str) -> str:
    assert process.stdout
    read = ""
    for line in process.stdout:
        read += line
        if words in line:
            return read
    raise AssertionError(f"it ended without saying '{words}':\n{read}")


def stand_ins(server: str, worker: str) -> list[str]:
    return [sys.executable, "-c", STAND_INS.format(site=str(ROOT / "site"), server=server, worker=worker)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_both_and_leaves_nothing(tmp_path: Path, port: int, number: signal.Signals) -> None:
    with running(stand_ins(LISTEN + FOREVER, FOREVER), tmp_path, port) as process:
        assert f"http://127.0.0.1:{port}/admin/" in read_until(process, "Stop with Ctrl-C")
        assert len(processes_of(tmp_path)) == 3
        process.send_signal(number)
        assert process.wait(10) == 0
        assert processes_of(tmp_path) == []


def test_a_second_ctrl_c_does_not_wait_for_the_stubborn(tmp_path: Path, port: int) -> None:
    deaf = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    with running(stand_ins(LISTEN + deaf + FOREVER, deaf + FOREVER), tmp_path, port) as process:
        read_until(process, "Stop with Ctrl-C")
        time.sleep(0.5)  # the worker needs a moment to go deaf
        process.send_signal(signal.SIGINT)
        time.sleep(0.5)
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.wait(5) == 0
        assert processes_of(tmp_path) == []


def test_when_the_watch_is_killed_its_processes_end_too(tmp_path: Path, port: int) -> None:
    with running(stand_ins(LISTEN + FOREVER, FOREVER), tmp_path, port) as process:
        read_until(process, "Stop with Ctrl-C")
        process.kill()
        process.wait()
        assert wait_for(lambda: processes_of(tmp_path) == [], 5)


def test_a_worker_that_ends_is_started_again_but_not_forever(tmp_path: Path, port: int) -> None:
    with running(stand_ins(LISTEN + FOREVER, "raise SystemExit(7)"), tmp_path, port) as process:
        said, _ = process.communicate(timeout=30)
        assert said.count("The task worker ended unexpectedly (status 7). It is started again.") == 4
        assert said.rstrip().endswith("The task worker keeps ending (status 7). Everything is stopped.")
        assert process.returncode == 1
        assert processes_of(tmp_path) == []


def test_when_the_server_ends_the_worker_is_stopped(tmp_path: Path, port: int) -> None:
    with running(stand_ins(LISTEN + "time.sleep(1.5); sys.exit(9)", FOREVER), tmp_path, port) as process:
        said, _ = process.communicate(timeout=30)
        assert said.rstrip().endswith(
            "The application server ended unexpectedly (status 9). Everything is stopped."
        )
        assert process.returncode == 1
        assert processes_of(tmp_path) == []


def test_a_port_in_use_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        with running([sys.executable, str(SERVE)], tmp_path, number) as process:
            said, _ = process.communicate(timeout=10)
    assert said == (
        f"Port {number} on 127.0.0.1 is in use by another program. Choose another, e.g. make run PORT={number + 1}\n"
    )
    assert process.returncode == 1


@pytest.mark.parametrize("text", ["0", "65536", "-1", "eighty", "8000.5", "８０"])
def test_a_port_that_is_none_is_said_in_one_line(text: str) -> None:
    run = subprocess.run(
        [sys.executable, str(SERVE)],
        env={**os.environ, "PORT": text},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert run.stderr == f"PORT is '{text}', but must be a whole number from 1 to 65535.\n"


@pytest.mark.django_db
def test_the_real_site_is_served_and_stops(tmp_path: Path, port: int) -> None:
    """Twice, on one folder: the second start keeps the password and collects nothing again."""
    if os.environ.get(
        "DATABASE_TESTS_ONLY"
    ):  # then it has started from nothing a moment ago: save it the migrations
        lend(tmp_path / "db.sqlite3")
    passwords, workers = [], min(os.cpu_count() or 1, 4)
    for start in (1, 2):
        with running([sys.executable, str(SERVE)], tmp_path, port) as process:
            said = read_until(process, "Stop with Ctrl-C")
            password = (tmp_path / "editor-password").read_text().strip()
            assert f"editor / {password}" in said
            assert ("Collecting" in said) == (start == 1), said
            passwords.append(password)
            with urlopen(f"http://127.0.0.1:{port}/admin/login/", timeout=20) as response:
                assert response.status == 200
            assert wait_for(lambda: len(processes_of(tmp_path)) == 3 + 2 * workers, 10), (
                "watch, server, the processes that accept and those in which Django runs, task worker"
            )
            process.send_signal(signal.SIGINT)
            assert process.wait(15) == 0
            assert processes_of(tmp_path) == []
    assert (tmp_path / "editor-password").stat().st_mode & 0o777 == 0o600
    assert passwords[0] == passwords[1]


@pytest.mark.parametrize("fails", [False, True])
def test_what_expired_is_ended_before_the_first_answer(
    fails: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also of a server that an update has prepared: it may have stood still while a consent expired."""
    swept = tmp_path / "swept"

    def look() -> None:
        swept.touch()
        if fails:
            raise ConnectionError("a service is away")

    served: list[bool] = []
    monkeypatch.setattr(sweep, "sweep", look)
    monkeypatch.setattr(server, "run", lambda *_given, **_named: served.append(swept.exists()))
    call_command("serve_pages", "--no-prepare", port=1)
    assert served == [True]
