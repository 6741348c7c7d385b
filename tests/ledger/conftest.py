from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger import guard, stores


@pytest.fixture
def ledger_file(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A place of its own for the ledger of one test; afterwards the guard is as it was."""
    # A thread of its own would wait for the rows of a test's transaction, which is never committed.
    monkeypatch.setattr(guard, "RETRY_SECONDS", 3600.0)
    settings.LEDGER_FILE = str(tmp_path / "ledger.jsonl")
    yield Path(settings.LEDGER_FILE)
    guard._problems = ()
    guard._started = False
    stores._stores.clear()
