"""Prints how large the apps, files and functions are, and fails where one is too large.

    python tests/checks/size.py

Code is the Python of our apps without migrations. Test lines are all Python in `tests/` except the checks. A
line is a line of the file, whatever is in it; the length of a function is that of its source with its
docstring and decorators.
"""

from __future__ import annotations

import argparse
import ast
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
AT_ROOT = ("media", "experiences", "casestudies")

LARGEST_APP = 4_500
LARGER_APPS = {
    "casestudies": 6_500,
    "importing": 4_700,
    "transcripts": 5_000,
    "experiences": 5_600,
    "withdrawal": 4_700,
    "mentions": 4_800,
}
LARGEST_MEDIAN = 70
LONGEST_FILE = 300
LARGEST_P90 = 20
LONGEST_FUNCTION = 60
LEAST_TESTS = 60  # percent of the lines of code


@dataclass(frozen=True)
class Length:
    """The number of lines of a file or function."""

    lines: int
    name: str


def app_folders(root: Path) -> list[Path]:
    folders = [*(root / name for name in AT_ROOT), *(file.parent for file in root.glob("site/*/__init__.py"))]
    return sorted((folder for folder in folders if folder.is_dir()), key=lambda folder: folder.name)


def code_files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*.py") if "migrations" not in file.parts)


def line_count(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines())


def functions_in(file: Path, root: Path) -> Iterator[Length]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            lines = (node.end_lineno or first) - first + 1
            yield Length(lines, f"{file.relative_to(root)}:{node.lineno} {node.name}")


def p90(lengths: list[Length]) -> int:
    """Return the length that nine in ten do not exceed."""
    ordered = sorted(length.lines for length in lengths)
    return ordered[-(-len(ordered) * 9 // 10) - 1] if ordered else 0


def longest(lengths: list[Length], number: int = 5) -> list[Length]:
    return sorted(lengths, key=lambda length: (-length.lines, length.name))[:number]


@dataclass(frozen=True)
class Sizes:
    """The figures of a source tree."""

    apps: dict[str, int]
    files: list[Length]
    functions: list[Length]
    tests: int

    @property
    def code(self) -> int:
        return sum(self.apps.values())

    @property
    def median(self) -> float:
        return statistics.median([length.lines for length in self.files] or [0])

    @property
    def tests_percent(self) -> int:
        return self.tests * 100 // self.code if self.code else 100


def measure(root: Path) -> Sizes:
    apps: dict[str, int] = {}
    files: list[Length] = []
    functions: list[Length] = []
    for folder in app_folders(root):
        own = [Length(line_count(file), str(file.relative_to(root))) for file in code_files(folder)]
        apps[folder.name] = sum(length.lines for length in own)
        files += own
        for file in code_files(folder):
            functions += functions_in(file, root)
    tests = [
        file for file in (root / "tests").rglob("*.py") if not {"node_modules", "checks"} & set(file.parts)
    ]
    return Sizes(apps, files, functions, sum(map(line_count, tests)))


def problems(sizes: Sizes) -> list[str]:
    """Return a sentence for each figure that is beyond its limit."""
    found = []
    for app, lines in sizes.apps.items():
        limit = LARGER_APPS.get(app, LARGEST_APP)
        if lines > limit:
            found.append(f"The app {app} has {lines} lines; at most {limit} are allowed.")
    if sizes.median > LARGEST_MEDIAN:
        found.append(f"The median file has {sizes.median:g} lines; at most {LARGEST_MEDIAN} are allowed.")
    found += [
        f"{file.name} has {file.lines} lines; at most {LONGEST_FILE} are allowed."
        for file in longest(sizes.files, len(sizes.files))
        if file.lines > LONGEST_FILE
    ]
    if p90(sizes.functions) > LARGEST_P90:
        found.append(f"One function in ten has over {LARGEST_P90} lines (p90 is {p90(sizes.functions)}).")
    found += [
        f"{function.name} has {function.lines} lines; at most {LONGEST_FUNCTION} are allowed."
        for function in longest(sizes.functions, len(sizes.functions))
        if function.lines > LONGEST_FUNCTION
    ]
    if sizes.tests_percent < LEAST_TESTS:
        found.append(
            f"Tests have {sizes.tests_percent} % of the lines of code; {LEAST_TESTS} % are required."
        )
    return found


def report(sizes: Sizes) -> Iterator[str]:
    yield "Lines of each app: " + ", ".join(f"{app} {lines}" for app, lines in sizes.apps.items())
    yield f"{len(sizes.files)} files with {sizes.code} lines, median {sizes.median:g}; the longest:"
    yield from (f"  {length.lines:5} {length.name}" for length in longest(sizes.files))
    yield f"{len(sizes.functions)} functions, p90 {p90(sizes.functions)} lines; the longest:"
    yield from (f"  {length.lines:5} {length.name}" for length in longest(sizes.functions))
    yield f"{sizes.tests} lines of tests, {sizes.tests_percent} % of the lines of code"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--root", type=Path, default=ROOT)
    options = parser.parse_args(arguments)
    sizes = measure(options.root)
    found = problems(sizes)
    print("\n".join([*report(sizes), *found]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
