"""Stores pages that a visitor's request rendered, beside the request: a visitor never waits for a lock."""

from __future__ import annotations

import logging
import os
import queue
import threading

from django.db import Error, connection

from delivery import stored
from delivery.entry import Entry

logger = logging.getLogger(__name__)

# What does not fit is not stored; a later visitor's rendering is.
MOST_WAITING = 200


class _Writer:
    """A thread of this process with a database connection of its own."""

    def __init__(self) -> None:
        self.waiting: queue.Queue[tuple[str, Entry]] = queue.Queue(MOST_WAITING)
        threading.Thread(target=self._work, name="delivery.writer", daemon=True).start()

    def _work(self) -> None:
        while True:
            address, entry = self.waiting.get()
            try:
                stored.write(address, entry)
            except Error:
                logger.warning(
                    "The page at %s could not be stored; it is made again when it is needed.", address
                )
            finally:
                connection.close()
                self.waiting.task_done()


_writers: dict[int, _Writer] = {}
_lock = threading.Lock()


def later(address: str, entry: Entry) -> None:
    """Store a page soon."""
    with _lock:
        # A thread does not survive a fork.
        writer = _writers.get(os.getpid())
        if writer is None:
            _writers.clear()
            writer = _writers[os.getpid()] = _Writer()
    try:
        writer.waiting.put_nowait((address, entry))
    except queue.Full:
        logger.info("Too many pages wait to be stored.")


def wait() -> None:
    """Return when all pages that wait have been stored."""
    if (writer := _writers.get(os.getpid())) is not None:
        writer.waiting.join()
