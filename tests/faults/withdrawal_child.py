"""Run in a process of its own, which is killed: withdraws the consent whose number is given.

`python withdrawal_child.py CONSENT STEP`: kills itself (SIGKILL, no clean-up of any kind) before the STEP-th of the
statements, commits and file deletions that the withdrawal makes. Prints 'done after N steps' when it was not killed.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


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


def main(consent: int, steps: int) -> None:
    import django

    django.setup()
    from django.core.files.storage import FileSystemStorage
    from django.db import connection

    from people.actors import Actor
    from people.models import Consent
    from people.withdrawing import withdraw

    count = Countdown(steps)
    taken_back = Consent.objects.get(pk=consent)
    FileSystemStorage.delete = count.around(FileSystemStorage.delete)  # type: ignore[method-assign]
    connection._commit = count.around(connection._commit)  # type: ignore[attr-defined] # not public
    with connection.execute_wrapper(count.statement):
        withdraw(consent=taken_back, by=Actor.system("fault"), channel="command", reason="killed")
    print(f"done after {count.made} steps")


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / "site"), str(ROOT)]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.faults.killed_settings")
    main(int(sys.argv[1]), int(sys.argv[2]))
