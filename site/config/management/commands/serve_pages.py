from __future__ import annotations

import multiprocessing
import os
import sys
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from config import SITE, static_files
from config.serve import die_with_parent
from withdrawal import sweep


class Command(BaseCommand):
    help = (
        "Prepares the site and becomes its application server. `make run` uses it: the server's processes "
        "are forked from one that is fully loaded, so the site answers after one start of Django, not two."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        cores = os.cpu_count() or 1
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=1, help="Processes (default: %(default)s).")
        parser.add_argument(
            "--threads", type=int, default=2 * cores + 1, help="In each (default: %(default)s)."
        )

    def handle(self, *args: Any, host: str, port: int, workers: int, threads: int, **options: Any) -> None:
        self.prepare_apart()
        Granian(
            "config.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=threads,
            websockets=False,
            respawn_failed_workers=True,
            workers_kill_timeout=8,
            log_level=LogLevels.warning,
            working_dir=SITE,
        ).serve()

    def prepare_apart(self) -> None:
        """Prepare in a separate process, so that this one has no threads.

        The demo's reports are set with Typst, which keeps a pool of threads. A fork copies the pool but none
        of its threads, and the first PDF that the server makes would wait for them for ever (fork(2): only
        the calling thread survives).
        """
        if sys.platform != "linux":  # servers are not forked there but started again
            self.prepare()
            return
        connections.close_all()
        self.stdout.flush()
        process = multiprocessing.get_context("fork").Process(target=self.prepare_and_end)
        process.start()
        process.join()
        if process.exitcode:
            # The other process has printed the error.
            raise SystemExit(process.exitcode if process.exitcode > 0 else 128 - process.exitcode)
        static_files.reread()

    def prepare_and_end(self) -> None:
        die_with_parent()
        try:
            self.prepare()
        except CommandError as error:
            self.stderr.write(f"CommandError: {error}")
            raise SystemExit(error.returncode) from error

    def prepare(self) -> None:
        call_command("prepare", stdout=self.stdout, stderr=self.stderr)
        # If a server was killed during a withdrawal, finish the withdrawal before answering visitors.
        sweep.sweep()
        self.stdout.flush()
        connections.close_all()  # no process may inherit an open one
