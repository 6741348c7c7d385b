"""The application server: granian, with the limits that this site needs, and a stop that it announces."""

from __future__ import annotations

import contextlib
import gc
import os
import socket
import sys
import threading
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.template import TemplateSyntaxError
from django.template.loader import get_template
from django.urls import get_resolver
from django.utils.translation import override
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from config import SITE, health
from config.admission import Admission
from config.forwarding import Forwarding
from config.health import Checks, Health
from config.renderers import Renderers
from config.renderers import are_possible as renderers_are_possible
from config.serve import die_with_parent
from ledger import guard
from rendering.functions import prepare_page

# Connections open at a time in each process; more wait in the system's queue. Slow ones cost memory only.
CONNECTIONS = 2048
BACKLOG = 2048
# Milliseconds a client may take to send the head of a request, and seconds until an idle thread ends.
HEAD_TIMEOUT = 15_000
IDLE_SECONDS = 60


class Server(MPServer):
    """granian that says on /readyz that it stops, goes on for `drain` seconds, and then stops.

    A second signal stops it at once. Requests that have begun are answered before their process ends.
    """

    def __init__(self, *args: Any, drain: float = 0, **options: Any) -> None:
        super().__init__(*args, **options)
        self.drain = drain
        self.asked_to_stop = False

    def signal_handler_interrupt(self, *_: Any) -> None:
        """Announce the stop; stop after `drain` seconds, or now when asked again."""
        health.announce_stop()
        stop: Callable[[], None] = super().signal_handler_interrupt
        if self.drain and not self.asked_to_stop:
            self.asked_to_stop = True
            timer = threading.Timer(self.drain, stop)
            timer.daemon = True
            timer.start()
        else:
            stop()


def load_application(*_: Any) -> Any:
    """Return the application of a process that does everything."""
    prepare_process()
    return import_module("config.wsgi").application


def load_front(door: socket.socket) -> Any:
    """Return the application of a process that leaves to a renderer what it cannot answer from memory."""
    prepare_process()
    forwarding = Forwarding(door)
    return import_module("config.wsgi").in_front_of(forwarding, Checks(django=forwarding.check))


def load_renderer() -> Any:
    """Return the application of a renderer."""
    compare_with_ledger()
    return Health(Admission(import_module("config.wsgi").django, short_turns=False))


def prepare_process() -> None:
    """Begin a process that accepts connections; it ends with the one that started it."""
    die_with_parent()
    compare_with_ledger()


def compare_with_ledger() -> None:
    """Compare again: this process may replace one that ended long after the first comparison."""
    if settings.LEDGER_CHECKS:
        guard.check_at_start()


def preload() -> None:
    """Load what every process needs, so that the processes share its memory, and keep it shared.

    The garbage collector writes into each object that it looks at, which would copy the page that holds it.
    Frozen objects are not looked at.
    """
    import_module("config.wsgi")
    getattr(get_resolver(), "url_patterns", None)
    get_resolver()._populate()
    for file in sorted((SITE / "templates").rglob("*.html")):
        # The page that uses it says what is wrong: its syntax, or a file that was not collected.
        with contextlib.suppress(TemplateSyntaxError, ValueError), override(settings.LANGUAGE_CODE):
            prepare_page(get_template(file.relative_to(SITE / "templates").as_posix()))
    for alias in settings.STORAGES:
        if prepare := getattr(storages[alias], "prepare", None):  # config.buckets
            prepare()
    gc.collect()
    gc.freeze()


def allow_many_connections() -> None:
    """Raise the number of files and sockets that a process may open; the system's default is 1024."""
    if sys.platform == "win32":
        return
    resource: Any = import_module("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4 * CONNECTIONS if hard == resource.RLIM_INFINITY else min(4 * CONNECTIONS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def run(
    host: str,
    port: int,
    *,
    workers: int,
    threads: int,
    renderers: int | None = None,
    drain: float = 0,
    patience: int = 8,
) -> None:
    """Serve until SIGINT or SIGTERM.

    `workers` processes with at most `threads` threads each; after a signal `drain` seconds of notice and
    `patience` seconds for requests that have begun. Django runs in as many `renderers` (default: as many as
    workers), or with 0 in the workers.
    """
    os.environ["WEB_THREADS"] = str(threads)  # config.admission derives its limits from it
    allow_many_connections()
    preload()
    number = workers if renderers is None else renderers
    with contextlib.ExitStack() as stack:
        load: Callable[..., Any] = load_application
        if number and renderers_are_possible():
            running = Renderers(load_renderer, number=number, threads=threads, patience=patience)
            stack.callback(running.stop)
            running.start()
            load = partial(load_front, running.door)
        server_of(host, port, workers=workers, threads=threads, drain=drain, patience=patience).serve(
            target_loader=load, wrap_loader=False
        )


def server_of(host: str, port: int, *, workers: int, threads: int, drain: float, patience: int) -> Server:
    """Return the server, ready to serve."""
    return Server(
        "config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        blocking_threads_idle_timeout=IDLE_SECONDS,
        backlog=BACKLOG,
        backpressure=CONNECTIONS,
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_TIMEOUT),
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=patience,
        # Its warnings are that there are more threads than cores, at each start. Most of them only wait.
        log_level=LogLevels.error,
        working_dir=SITE,
        drain=drain,
    )
