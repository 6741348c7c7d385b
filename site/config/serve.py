"""Serve the site on this machine: run the application server and the task worker.

`make run` starts this file. It imports no Django and only watches over two processes that do. Ctrl-C or
SIGTERM stops both, and all processes that they started.

Environment: HOST, PORT, and what serve_pages reads (docs/settings.md).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 10.0  # seconds that a process has to stop on its own
RESTARTS = 5  # a worker that ends more often than this within RESTARTS_WITHIN is not started again
RESTARTS_WITHIN = 60.0  # seconds
WORKER_NICE = 10


class CannotServe(Exception):
    """One line that tells the person at the terminal what is wrong and how to fix it."""


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def die_with_parent() -> None:
    """In a child, before it runs: have Linux end the child too if this process is killed."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)


@dataclass
class Program:
    """A process to watch over, in its own process group: Ctrl-C reaches it only through this program."""

    name: str
    command: list[str]
    environment: dict[str, str]
    nice: int = 0  # how far it stands back for others when all cores are busy
    process: subprocess.Popen[bytes] | None = None
    starts: list[float] = field(default_factory=list)

    def start(self) -> None:
        self.starts.append(time.monotonic())
        self.process = subprocess.Popen(  # noqa: S603 - the commands are written below
            self.command,
            cwd=ROOT,
            env=self.environment,
            start_new_session=True,
            preexec_fn=self.prepare,  # noqa: PLW1509 - this process has one thread
        )

    def prepare(self) -> None:
        """In the child, before it runs."""
        die_with_parent()
        os.nice(self.nice)

    @property
    def ended(self) -> int | None:
        """Return the exit status, or None while it runs."""
        return self.process.poll() if self.process else None

    @property
    def may_restart(self) -> bool:
        recently = [start for start in self.starts if time.monotonic() - start < RESTARTS_WITHIN]
        return len(recently) < RESTARTS

    def ask_to_stop(self) -> None:
        """Send SIGTERM to the program alone: it stops the processes that it has started, in its order."""
        if self.process and self.ended is None:
            self.process.terminate()

    def kill_group(self) -> None:
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def wait(self, seconds: float) -> bool:
        try:
            self.process and self.process.wait(timeout=max(seconds, 0))
        except subprocess.TimeoutExpired:
            return False
        return True


def check_port(host: str, port: int) -> None:
    """Raise CannotServe when nothing can listen at host and port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise CannotServe(
                f"Port {port} needs more rights than you have. Choose one above 1023, e.g. make run PORT=8000"
            ) from error
        except OSError as error:
            raise CannotServe(
                f"Port {port} on {host} is in use by another program. Choose another, "
                f"e.g. make run PORT={port + 1}"
                if port < 65535
                else f"Port {port} on {host} is in use. Choose another, e.g. make run PORT=8000"
            ) from error


def answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def number(name: str, default: int, *, low: int, high: int) -> int:
    """Return the environment variable `name` as a whole number from low to high."""
    text = os.environ.get(name, "") or str(default)
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise CannotServe(f"{name} is '{text}', but must be a whole number from {low} to {high}.")
    return int(text)


def worker_processes() -> int:
    """Return how many processes answer requests: WEB_WORKERS, or one for each core but at most 4."""
    return number("WEB_WORKERS", min(os.cpu_count() or 1, 4), low=1, high=64)


def renderer_processes() -> int | None:
    """Return in how many processes Django runs: WEB_RENDERERS, or None for as many as accept connections."""
    return number("WEB_RENDERERS", 0, low=0, high=64) if os.environ.get("WEB_RENDERERS") else None


def programs(host: str, port: int, environment: dict[str, str]) -> tuple[Program, Program]:
    manage = [sys.executable, str(ROOT / "manage.py")]
    server = [*manage, "serve_pages", "--host", host, "--port", str(port)]
    number("WEB_THREADS", 256, low=32, high=1024)  # the server reads it; here a mistake is one line, at once
    renderer_processes()
    server += ["--workers", str(worker_processes())]
    worker = [*manage, "db_worker", "--skip-checks", "--queue-name", "*", "--no-startup-delay"]
    # No visitor waits for tasks; cutting a clip would otherwise take the cores from those who do.
    return (
        Program("application server", server, environment),
        Program("task worker", worker, environment, nice=WORKER_NICE),
    )


def stop(running: list[Program], hurry: threading.Event) -> None:
    """Ask all to stop, wait for PATIENCE seconds or a second signal, then kill the remaining ones."""
    for program in running:
        program.ask_to_stop()
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and not hurry.is_set():
        if all(program.wait(0.1) for program in running):
            break
    for program in running:
        program.kill_group()
        program.wait(5)


def watch(server: Program, worker: Program, stopping: threading.Event) -> None:
    """Return when asked to stop; raise CannotServe when a process cannot be kept running."""
    while not stopping.wait(0.3):
        if server.ended is not None:
            raise CannotServe(
                f"The application server ended unexpectedly (status {server.ended}). Everything is stopped."
            )
        if worker.ended is None:
            continue
        if not worker.may_restart:
            raise CannotServe(f"The task worker keeps ending (status {worker.ended}). Everything is stopped.")
        say(f"The task worker ended unexpectedly (status {worker.ended}). It is started again.")
        worker.start()


def login(environment: dict[str, str]) -> str:
    folder = Path(environment.get("FIRSTHAND_VAR") or ROOT / "var")
    try:
        return f"editor / {(folder / 'editor-password').read_text().strip()}   (again: make login)"
    except OSError:
        return "see make login"


def serve(host: str, port: int, stopping: threading.Event, hurry: threading.Event) -> None:
    check_port(host, port)
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    environment = dict(os.environ)
    environment.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    environment.setdefault("SITE_URL", f"http://{shown}:{port}")
    server, worker = programs(host, port, environment)
    try:
        server.start()
        while not answers(shown.strip("[]"), port):
            if stopping.wait(0.1):
                return
            if server.ended is not None:
                raise CannotServe(f"The site did not start (status {server.ended}); the lines above say why.")
        worker.start()  # only now: starting takes as long again, and the site works without it
        say(
            f"\n  Site    http://{shown}:{port}/\n  Admin   http://{shown}:{port}/admin/\n"
            f"  Login   {login(environment)}\n\n  Stop with Ctrl-C.\n"
        )
        watch(server, worker, stopping)
    finally:
        stop([server, worker], hurry)


def main() -> int:
    stopping, hurry = threading.Event(), threading.Event()

    def on_signal(*_: object) -> None:
        (hurry if stopping.is_set() else stopping).set()

    for number_of_signal in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number_of_signal, on_signal)
    try:
        serve(os.environ.get("HOST") or "127.0.0.1", number("PORT", 8000, low=1, high=65535), stopping, hurry)
    except CannotServe as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    say("Stopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
