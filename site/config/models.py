from __future__ import annotations

from config.demo.record import DemoEntry

__all__ = ["DemoEntry"]
