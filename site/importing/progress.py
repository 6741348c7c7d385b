"""A progress bar on a terminal."""

from __future__ import annotations

import sys
import time
from typing import Any

WIDTH = 30
EVERY = 0.2  # seconds


class Bar:
    """Draws on the standard error stream if that is a terminal, and is silent otherwise."""

    def __init__(self, stream: Any = None, *, silent: bool = False) -> None:
        self.stream = stream or sys.stderr
        self.is_drawn = not silent and self.stream.isatty()
        self.started, self.last = time.monotonic(), 0.0

    def show(self, done: float, words: str = "") -> None:
        """Draw how much is done, from 0 to 1, with the time that is left."""
        now = time.monotonic()
        if not self.is_drawn or (done < 1 and now - self.last < EVERY):
            return
        self.last, filled = now, int(WIDTH * min(1.0, done))
        left = (now - self.started) * (1 - done) / done if done > 0 else 0
        ahead = f", {int(left // 60)}:{int(left % 60):02d} left" if 0 < done < 1 else ""
        bar = "#" * filled + "." * (WIDTH - filled)
        self.stream.write(f"\r\x1b[K[{bar}] {done:4.0%} {words}{ahead}")
        self.stream.flush()

    def end(self) -> None:
        if self.is_drawn:
            self.stream.write("\r\x1b[K")
            self.stream.flush()
