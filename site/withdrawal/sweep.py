"""The regular sweep: runs due takedown steps again and takes down what has expired."""

from __future__ import annotations

import logging
import threading

from django.conf import settings
from django.db import DatabaseError, connections

from delivery import sweeping
from ledger import guard
from mentions import word_index
from withdrawal import expiry, takedown

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 5


class Sweeper(threading.Thread):
    """Runs alongside a worker: sweeps every few seconds until the process ends."""

    def __init__(self, seconds: float = SWEEP_SECONDS) -> None:
        super().__init__(name="takedown sweep", daemon=True)
        self.seconds, self.stopped = seconds, threading.Event()

    def run(self) -> None:
        """Sweep until the process ends."""
        while not self.stopped.wait(self.seconds):
            sweep()


def sweep() -> None:
    """Sweep once, on this thread's own database connection. Never raises: it is the last line of defence."""
    try:
        guard.follow()
        takedown.finish(due_only=True)
        _expire()
        if settings.PAGE_CACHE_MEGABYTES:
            sweeping.sweep()
        word_index.sweep()
    except DatabaseError:
        logger.exception("Unfinished takedowns could not be read.")
    finally:
        connections.close_all()


def _expire() -> None:
    try:
        expiry.expire()
    except Exception:  # whatever the reason, the next sweep follows in a few seconds
        logger.exception("Consents that ended could not be processed.")
