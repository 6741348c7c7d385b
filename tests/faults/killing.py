"""A process that kills its children: each withdraws the consent it is given and is ended by SIGKILL in the
middle.

`python killing.py SOURCE CONSENT POINTS ADDRESSES`: SOURCE is a folder with a database and files in which a
story is public. For each of POINTS (JSON) it is copied to FAULT_FOLDER, a child withdraws and is killed
before so many statements, commits and file deletions (0: never, -1 and -2: before and after its line is
written to the ledger), and another child, started as fresh as the
first, tells what the public can have, does what every server does when it starts, and tells again. A line of
JSON each.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


# Instead of a number of steps: around the line in the ledger, the last step before the commit.
BEFORE_LINE, AFTER_LINE = -1, -2


class Countdown:
    """Kills this process when so many steps were made; never for 0."""

    def __init__(self, steps: int) -> None:
        self.steps, self.made = steps, 0

    def __call__(self) -> None:
        self.made += 1
        if self.made == self.steps:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            self()
            result = function(*args, **kwargs)
            self()
            return result

        return counted

    def statement(self, execute: Callable[..., Any], *args: Any) -> Any:
        self()
        return execute(*args)


def in_a_child(job: Callable[[], Any]) -> tuple[int, Any]:
    """The child's exit status (negative: the signal that ended it), and what `job` gave."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        status = 1
        try:
            with os.fdopen(writing, "w") as pipe:
                json.dump(job(), pipe)
            status = 0
        finally:
            sys.stderr.flush()
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    _child, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), json.loads(said) if said else None


def take_back(consent: int, steps: int) -> tuple[int, int]:
    """How many steps it took, and how many of them until its transaction was committed."""
    from django.core.files.storage import FileSystemStorage
    from django.db import connection

    from audit.actors import Actor
    from consent.models import Consent
    from ledger import guard
    from ledger.stores import FileStore
    from withdrawal.services import withdraw

    guard.check()  # as every start of a server does; the first one begins the ledger
    count = Countdown(steps)
    append = FileStore.append

    def write_line(*given: Any, **named: Any) -> None:
        if steps == BEFORE_LINE:
            os.kill(os.getpid(), signal.SIGKILL)
        append(*given, **named)
        if steps == AFTER_LINE:
            os.kill(os.getpid(), signal.SIGKILL)

    FileStore.append = write_line  # type: ignore[method-assign]
    taken_back = Consent.objects.get(pk=consent)
    FileSystemStorage.delete = count.around(FileSystemStorage.delete)  # type: ignore[method-assign]
    commit, committed = connection._commit, []  # type: ignore[attr-defined] # not public

    def commit_and_note() -> None:
        commit()
        committed.append(count.made)

    connection._commit = count.around(commit_and_note)  # type: ignore[attr-defined]
    with connection.execute_wrapper(count.statement):
        withdraw(consent=taken_back, by=Actor.system("fault"), channel="command", reason="killed")
    if steps:
        # It took fewer steps than the undisturbed run, which varies by some: killed right after its last step.
        os.kill(os.getpid(), signal.SIGKILL)
    return count.made, committed[0]


def look(consent: int, asked: list[str]) -> dict[str, Any]:
    from django.test import Client

    from consent.models import Consent
    from ledger import guard, stores
    from withdrawal import sweep, takedown
    from withdrawal.models import TakedownStep, Withdrawal

    client = Client()

    def statuses() -> dict[str, int]:
        return {url: client.get(url).status_code for url in asked}

    began = Consent.objects.get(pk=consent).withdrawn_at is not None
    decided = bool(stores.store().read().ids)
    guard.check()
    first = statuses()
    sweep.sweep()
    waiting = TakedownStep.objects.exclude(state=TakedownStep.State.DONE)
    return {
        "began": began,
        "decided": decided,
        "first": first,
        "then": statuses(),
        "unfinished": takedown.unfinished(),
        "withdrawals": Withdrawal.objects.count(),
        "waiting": list(waiting.values_list("surface", "error")),
    }


def main(source: Path, consent: int, points: list[int], asked: list[str]) -> None:
    import django

    django.setup()
    # Imported once, here: a child then starts with all code read and no connection open.
    from django.urls import get_resolver

    _patterns = get_resolver().url_patterns
    folder = Path(os.environ["FAULT_FOLDER"])
    for point in points:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(source, folder)
        status, made = in_a_child(lambda point=point: take_back(consent, point))  # type: ignore[misc]
        _status, seen = in_a_child(lambda: look(consent, asked))
        print(json.dumps({"point": point, "status": status, "made": made, "seen": seen}), flush=True)


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / "site"), str(ROOT)]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.faults.killed_settings")
    main(Path(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3]), json.loads(sys.argv[4]))
