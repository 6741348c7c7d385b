"""Break the product on purpose, one rule at a time, and check that a test turns red: `make breakages`.

Each breakage is a line of code and what to put in its place. Code and tests are found by their text, not by a
path, so files may be moved freely. Where the text or the test is no longer found, the run fails: write the
breakage again for the new code. Nothing is changed in place; a copy of the tree is broken, whatever is not
committed included.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PASSED, FAILED = 0, 1  # exit codes of pytest


class Unusable(Exception):
    """The breakage cannot be tried; the message says why."""


@dataclass(frozen=True)
class Breakage:
    """`text`: found once in the product, whatever its line breaks are.

    `tests`: names of the functions to run.
    """

    what: str
    text: str
    instead: str
    tests: tuple[str, ...]


BREAKAGES = (
    Breakage(
        "suppression: hidden counts may be a small number together",
        "is_low = together < max(SMALLEST, len(hidden) + 2)",
        "is_low = len(hidden) < 2",
        ("test_three_people_in_two_groups_cannot_be_had_by_subtraction",),
    ),
    Breakage(
        "suppression: an empty group is hidden before one with people",
        "if groups[name] and name not in hidden",
        "if name not in hidden",
        ("test_the_partner_of_a_small_group_is_the_nearest_with_people",),
    ),
    Breakage(
        "Phenopacket: free descriptions of the source are published",
        '"description", "evidence",',
        '"evidence",',
        ("test_a_variant_leaves_without_its_description_and_with_the_id_of_the_page",),
    ),
    Breakage(
        "Phenopacket: the source's id of the patient is published",
        'found["subjectOrBiosampleId"] = facts.id',
        "pass",
        ("test_a_variant_leaves_without_its_description_and_with_the_id_of_the_page",),
    ),
    Breakage(
        "alignment: an excerpt stays when one word in ten is left",
        "len(found) < MIN_KEPT * (last - first)",
        "len(found) < 0.1 * (last - first)",
        ("test_an_excerpt_keeps_its_place_while_half_of_its_words_are_left",),
    ),
    Breakage(
        "alignment: an excerpt that begins inside a word loses that word",
        "first -= 1",
        "pass",
        ("test_an_excerpt_that_begins_or_ends_inside_a_word_keeps_that_word",),
    ),
    Breakage(
        "excerpt: a statement is kept as the question before",
        'return before if _ASKS.search(before) else ""',
        "return before",
        ("test_only_a_question_is_kept_with_the_answer",),
    ),
    Breakage(
        "clips: films of phones held upright are published lying",
        "*self._turned(graph),",
        "",
        ("test_a_phone_held_upright_stays_upright",),
    ),
    Breakage(
        "search: a code with another system's letters counts",
        'prefixes = {"", system, *(known.prefixes if known else ())}',
        'prefixes = {"", *(one for known in SYSTEMS.values() for one in (known.key, *known.prefixes))}',
        ("test_a_code_counts_only_whole_and_with_the_letters_of_its_own_system",),
    ),
)


def copy_tree(target: Path) -> None:
    """Copy every file that git knows or would take, and the migrated test database if there is one."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target / name)
    kept = Path(".pytest_cache", "migrated")
    if (ROOT / kept).is_dir():
        shutil.copytree(ROOT / kept, target / kept)


@contextmanager
def broken(tree: Path, breakage: Breakage) -> Iterator[Path]:
    """Replace the text of `breakage` in `tree`, give the file's path from the root, and put the file back."""
    words = map(re.escape, breakage.text.split())
    text = re.compile(r"\s+".join(words))
    found = [
        (file, content, match)
        for file in sorted(tree.rglob("*.py"))
        if not {"tests", "migrations"} & set(file.relative_to(tree).parts)
        for content in (file.read_text(encoding="utf-8"),)
        for match in text.finditer(content)
    ]
    if len(found) != 1:
        raise Unusable(f"the text to replace is in {len(found)} places")
    file, content, match = found[0]
    file.write_text(content[: match.start()] + breakage.instead + content[match.end() :], encoding="utf-8")
    try:
        yield file.relative_to(tree)
    finally:
        file.write_text(content, encoding="utf-8")


def run_tests(tree: Path, names: tuple[str, ...]) -> int:
    """Run the test functions of these names, found anywhere below tests/, and return pytest's exit code."""
    files: set[str] = set()
    for name in names:
        having = [
            str(file.relative_to(tree))
            for file in (tree / "tests").rglob("test_*.py")
            if re.search(rf"def {name}\(", file.read_text(encoding="utf-8"))
        ]
        if not having:
            raise Unusable(f"there is no test named {name}")
        files.update(having)
    command = [
        sys.executable,
        "-m",
        "pytest",
        *sorted(files),
        "-k",
        " or ".join(names),
        "-q",
        "-p",
        "no:xdist",
    ]
    # A file that is put back within a second may have the same time and size: no compiled copies are kept.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in (PASSED, FAILED):
        raise Unusable(f"pytest ended with {done.returncode}: {(done.stdout + done.stderr).strip()[-600:]}")
    return done.returncode


def try_all(tree: Path) -> bool:
    """Print one line for each breakage and return whether a test noticed every one of them."""
    named = tuple(dict.fromkeys(name for breakage in BREAKAGES for name in breakage.tests))
    if run_tests(tree, named) != PASSED:
        raise Unusable("the tests fail before anything is broken")
    noticed = True
    for breakage in BREAKAGES:
        where = ""
        try:
            with broken(tree, breakage) as file:
                where = f"  ({file})"
                result = "killed" if run_tests(tree, breakage.tests) == FAILED else "SURVIVED"
        except Unusable as error:
            result, where = "UNUSABLE", f": {error}"
        noticed &= result == "killed"
        print(f"{result:<9} {breakage.what}{where}", flush=True)
    return noticed


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="breakages-") as folder:
        copy_tree(Path(folder))
        try:
            noticed = try_all(Path(folder))
        except Unusable as error:
            print(f"Cannot start: {error}.", file=sys.stderr)
            return 1
    print("Every breakage was noticed." if noticed else "Not every breakage was noticed.")
    return 0 if noticed else 1


if __name__ == "__main__":
    sys.exit(main())
