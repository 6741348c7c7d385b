"""Print each template line that is longer than 160 characters; exit with 1 if there is one.

Arguments: template files.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

MOST = 160


def long_lines(file: Path) -> Iterator[tuple[int, int]]:
    """Yield number and length of each line that is too long."""
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if len(line) > MOST:
            yield number, len(line)


def main(names: list[str]) -> int:
    found = [(name, *line) for name in names for line in long_lines(Path(name))]
    for name, number, length in found:
        print(f"{name}:{number}: {length} characters, at most {MOST} are allowed")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
