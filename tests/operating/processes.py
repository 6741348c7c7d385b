"""Other programs that the tests of this folder start: each on a free port, stopped when its block ends."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
KEYS = {"aws_access_key_id": "only-for-tests", "aws_secret_access_key": "only-for-tests"}


def program(name: str) -> str:
    """Return where the program is. Fails when it is not installed: these tests are never skipped."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    places = os.pathsep.join(
        [os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin", *map(str, reversed(versions))]
    )
    found = shutil.which(name, path=places)
    assert found, (
        f"This test needs {name}, which tests/machine.sh installs (on Debian: apt-get install {name})."
    )
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], Any], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"after {seconds} s: {what}"
        time.sleep(0.05)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Process:
    """A program in a session of its own, with its output in a file."""

    def __init__(self, command: list[str], log: Path, environment: dict[str, str] | None = None) -> None:
        self.command, self.log = command, log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command, env=environment, cwd=ROOT, stdout=output, stderr=output, start_new_session=True
            )

    def wait_until_it_listens(self, port: int, seconds: float = 30) -> None:
        def ready() -> bool:
            assert self.process.poll() is None, self.said()
            return listens(port)

        wait_for(ready, seconds, self.said() or f"{self.command[0]} does not listen")

    def said(self) -> str:
        return self.log.read_text(errors="replace")[-4000:]

    def kill(self) -> None:
        """End it and all that it started, at once, as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def stop(self, seconds: float = 20) -> None:
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        self.kill()


@contextlib.contextmanager
def running(
    command: list[str], port: int, log: Path, environment: dict[str, str] | None = None
) -> Iterator[Process]:
    started = Process(command, log, environment)
    try:
        started.wait_until_it_listens(port)
        yield started
    finally:
        started.stop()


@contextlib.contextmanager
def object_store(folder: Path) -> Iterator[str]:
    """Yield the address of an S3 API with the empty buckets 'firsthand-public' and 'firsthand-private'."""
    import boto3

    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with running(command, port, folder / "moto.log"):
        address = f"http://127.0.0.1:{port}"
        client = boto3.client("s3", endpoint_url=address, region_name="us-east-1", **KEYS)
        for bucket in ("firsthand-public", "firsthand-private"):
            client.create_bucket(Bucket=bucket)
        yield address
