"""What a measured process and its database have used, and the statements that it sent."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any


def processor_time(server: int | None) -> float:
    """Return the seconds that this process and the database's server process have used."""
    if server is None:
        return time.process_time()
    fields = Path(f"/proc/{server}/stat").read_text().rpartition(")")[2].split()
    return time.process_time() + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def noting(queries: list[str]) -> Any:
    """Return a wrapper of queries that notes each. Django's own log of them is emptied by a request."""

    def note(execute: Any, sql: str, *given: Any) -> Any:
        queries.append(sql)
        return execute(sql, *given)

    return note
