"""Which worker runs which tests: a file goes to one worker as a whole, and files that share a group do so
together.

pytest-xdist's own `--dist loadgroup` passes the groups on by changing the tests' ids, which pytest 9.2 no
longer lets it: the groups are lost without a word (pytest-xdist issue 1386). Each worker then starts a demo
site and makes the fixtures of every module. Here the group is read from the file instead.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from xdist.scheduler.loadscope import LoadScopeScheduling  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parents[1]
GROUP = re.compile(r"""^pytestmark = .*?\bxdist_group\(\s*["'](.+?)["']\s*\)""", re.MULTILINE | re.DOTALL)
# Minutes, or a minute in a single test: begun last, they would run on alone. The others follow by number of
# tests.
LONG = (
    "demo site",
    "nodes",
    "tests/journeys/test_workbench.py",
    "tests/transcripts/test_transcripts_fuzz.py",
    "tests/media/test_clips_queue.py",
)


@cache
def group(file: str) -> str:
    """The group that the tests of a file (its path from the root) name in `pytestmark`, else the file itself."""
    found = GROUP.search((ROOT / file).read_text(encoding="utf-8"))
    return found[1] if found else file


class ByFile(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid.split("::", 1)[0])

    def _assign_work_unit(self, node: Any) -> None:
        for scope in reversed(LONG):
            if scope in self.workqueue:
                self.workqueue.move_to_end(scope, last=False)
        super()._assign_work_unit(node)
