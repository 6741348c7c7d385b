from __future__ import annotations

import os
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from config import SITE
from people import takedown


class Command(BaseCommand):
    help = (
        "Prepares the site and becomes its application server. `make run` uses it: the server's processes are forked "
        "from one that has everything loaded, so the site answers after one start of Django instead of two."
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
        call_command("prepare", stdout=self.stdout, stderr=self.stderr)
        # A server that was killed in the middle of a withdrawal finishes it before it answers anybody.
        takedown.sweep()
        self.stdout.flush()
        connections.close_all()  # no process may inherit an open one
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
