from __future__ import annotations

import logging
import multiprocessing
import sys
from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from config import admission, server, static_files
from config.serve import die_with_parent, number, renderer_processes, worker_processes
from withdrawal import sweep

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Prepares the site and becomes its application server. The server's processes are forked from one "
        "that is fully loaded: the site answers after one start of Django, and they share its memory."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--workers",
            type=int,
            default=worker_processes(),
            help="Processes (WEB_WORKERS; default: %(default)s).",
        )
        parser.add_argument(
            "--threads",
            type=int,
            default=number("WEB_THREADS", admission.THREADS, low=32, high=1024),
            help="In each (WEB_THREADS; default: %(default)s).",
        )
        parser.add_argument(
            "--renderers",
            type=int,
            default=renderer_processes(),
            help="Processes in which Django runs; 0: in those that accept connections "
            "(WEB_RENDERERS; default: as many as --workers).",
        )
        parser.add_argument(
            "--drain",
            type=int,
            default=number("WEB_DRAIN_SECONDS", 0, low=0, high=600),
            help="Seconds from SIGTERM, when /readyz says 503, to the last new connection "
            "(WEB_DRAIN_SECONDS; default: %(default)s).",
        )
        parser.add_argument(
            "--patience",
            type=int,
            default=number("WEB_STOP_SECONDS", 8, low=1, high=3600),
            help="Seconds for requests that have begun (WEB_STOP_SECONDS; default: %(default)s).",
        )
        parser.add_argument(
            "--no-prepare",
            action="store_true",
            help="Only serve: a public site is prepared by an update (docs/operating.md).",
        )

    def handle(self, *args: Any, no_prepare: bool, host: str, port: int, **options: Any) -> None:
        self.do_apart(self.sweep if no_prepare else self.prepare)
        server.run(
            host,
            port,
            **{name: options[name] for name in ("workers", "threads", "renderers", "drain", "patience")},
        )

    def do_apart(self, work: Callable[[], None]) -> None:
        """Do what comes before answering in a separate process, so that this one has no threads.

        The demo's reports are set with Typst, which keeps a pool of threads. A fork copies the pool but none
        of its threads, and the first PDF that the server makes would wait for them for ever (fork(2): only
        the calling thread survives).
        """
        if sys.platform != "linux":  # servers are not forked there but started again
            work()
            return
        connections.close_all()
        self.stdout.flush()
        process = multiprocessing.get_context("fork").Process(target=self.do_and_end, args=(work,))
        process.start()
        process.join()
        if process.exitcode:
            # The other process has printed the error.
            raise SystemExit(process.exitcode if process.exitcode > 0 else 128 - process.exitcode)
        static_files.reread()

    def do_and_end(self, work: Callable[[], None]) -> None:
        die_with_parent()
        try:
            work()
        except CommandError as error:
            self.stderr.write(f"CommandError: {error}")
            raise SystemExit(error.returncode) from error

    def prepare(self) -> None:
        call_command("prepare", stdout=self.stdout, stderr=self.stderr)
        self.sweep()

    def sweep(self) -> None:
        """Before answering visitors, finish withdrawals during which a server was killed, and end what has
        expired while none ran.
        """
        try:
            sweep.sweep()
        except Exception:  # a service is away: visitors are answered, and the worker sweeps in a few seconds
            logger.exception("What ended while no server ran could not be looked for.")
        self.stdout.flush()
        connections.close_all()  # no process may inherit an open one
