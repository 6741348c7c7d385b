"""The application server: granian, with the limits that this site needs, and a stop that it announces."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import threading
from collections.abc import Callable
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
    """Return the WSGI application, in a process that ends with the one that started it."""
    die_with_parent()
    application = import_module("config.wsgi").application
    # Again: this process may replace one that ended long after the first comparison.
    if settings.LEDGER_CHECKS:
        guard.check_at_start()
    return application


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


def run(host: str, port: int, *, workers: int, threads: int, drain: float = 0, patience: int = 8) -> None:
    """Serve until SIGINT or SIGTERM.

    `workers` processes with at most `threads` threads each; after a signal `drain` seconds of notice and
    `patience` seconds for requests that have begun.
    """
    os.environ["WEB_THREADS"] = str(threads)  # config.admission derives its limits from it
    allow_many_connections()
    preload()
    Server(
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
    ).serve(target_loader=load_application, wrap_loader=False)
