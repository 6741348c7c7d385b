"""Counts words and phrases that the style of this project avoids, in Python, templates and documentation.

    python tests/checks/dialect.py [--list]

They read like a translation: write "is not a page", "again", "fix", "the editor who ...", "depends on", "a
visitor" or "no one". `--list` prints every place. Ends with status 1 when there are more than MOST_ALLOWED.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MOST_ALLOWED = 20
DIALECT = re.compile(
    r"\b(?:(?<!there )is no (?!longer\b|more\b|one\b)[a-z]|anew\b|mend(?:s|ed|ing)?\b|whoever\b|rest(?:s|ed|ing)? on\b"
    r"|somebody\b|nobody\b|everybody\b)",
    re.IGNORECASE,
)
KINDS = {".py", ".html", ".md"}
# This file has to name the words, Django makes migrations, and contributors of the demo site speak as they like.
LEFT_OUT = (
    "/migrations/",
    "/node_modules/",
    "site/demo/content/",
    "tests/checks/dialect.py",
    "tests/checks/test_dialect.py",
)


@dataclass(frozen=True)
class DialectUse:
    """A word or phrase of the dialect. `group`: the app or top-level folder of the file."""

    file: str
    line: int
    words: str

    @property
    def group(self) -> str:
        parts = Path(self.file).parts
        if parts[0] in ("site", "tests") and len(parts) > 2:
            inner = parts[2] if parts[:2] == ("site", "templates") and len(parts) > 3 else parts[1]
            return f"tests/{inner}" if parts[0] == "tests" else inner
        return parts[0]


def files_in(root: Path) -> list[str]:
    """Return our files, as Git lists them; all files below `root` if it is not a Git repository."""
    run = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode == 0:
        names = [name for name in run.stdout.split("\0") if name]
    else:
        names = [str(file.relative_to(root)) for file in root.rglob("*") if file.is_file()]
    return sorted(
        name
        for name in names
        if Path(name).suffix in KINDS
        and not any(part in f"/{name}" for part in LEFT_OUT)
        and (root / name).is_file()
    )


def uses_in(root: Path) -> Iterator[DialectUse]:
    for name in files_in(root):
        for number, line in enumerate((root / name).read_text(encoding="utf-8").splitlines(), start=1):
            for found in DIALECT.finditer(line):
                yield DialectUse(name, number, found[0])


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--root", type=Path, default=ROOT)
    parser.add_argument("--list", action="store_true", help="print every place")
    options = parser.parse_args(arguments)
    uses = list(uses_in(options.root))
    if options.list:
        print("\n".join(f"{use.file}:{use.line}: {use.words}" for use in uses))
    groups = Counter(use.group for use in uses)
    print(f"{len(uses)} uses of the dialect (at most {MOST_ALLOWED} are allowed)", end="")
    print("".join(f"\n  {number:4} {group}" for group, number in sorted(groups.items())))
    return 1 if len(uses) > MOST_ALLOWED else 0


if __name__ == "__main__":
    sys.exit(main())
