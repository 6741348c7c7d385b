"""The memory of an import does not grow with the length of the file.

`IMPORT_MEMORY_ROWS=10000` compares that many rows with a tenth of them.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tests.importing import archives
from tests.importing.test_killed import run, source

__all__ = ["source"]
ROWS = int(os.environ.get("IMPORT_MEMORY_ROWS", "2500"))


def test_ten_times_the_rows_take_the_same_memory(source: Path, tmp_path: Path) -> None:
    used = {}
    for rows in (ROWS // 10, ROWS):
        path = tmp_path / f"{rows}.jsonl"
        # One row is refused in ten, so that the report has something to keep.
        archives.json_lines(
            path, (archives.a_row(n, outcome="?" if n % 10 == 5 else "good", shoe=n) for n in range(rows))
        )
        shutil.copytree(source, tmp_path / f"site-{rows}")
        last, _state = run(tmp_path / f"site-{rows}", path, "0", "1")
        assert last["status"] == 0
        used[rows] = last["memory"] / 1024
    print(f"\nPeak memory in MB by rows: {used}")
    few, many = used.values()
    # A file that is held in memory, or a line kept for each row, would be several times that.
    assert many < few + 25
