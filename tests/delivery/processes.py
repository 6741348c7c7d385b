"""Starts other processes of the site on the test's database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


class Process:
    """A process that reads pages as visitors do, with a memory of its own; Django may run in `renderers`."""

    def __init__(self, renderers: int = 0) -> None:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}",
        }
        self._process = subprocess.Popen(
            [sys.executable, str(ROOT / "tests/delivery/reading_process.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=environment,
        )
        self._say(
            {
                "var": str(settings.VAR),
                "media": str(settings.MEDIA_ROOT),
                "private": str(settings.STORAGES["private"]["OPTIONS"]["location"]),
                "renderers": renderers,
                "database": str(connection.settings_dict["NAME"]),
            }
        )

    def _say(self, what: dict[str, Any]) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()

    def _hear(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, f"The other process ended with status {self._process.poll()}."
        heard: dict[str, Any] = json.loads(line)
        return heard

    def wait_until_ready(self) -> None:
        assert self._hear() == {"ready": True}

    def get(self, url: str, host: str = "localhost") -> tuple[int, str]:
        self._say({"url": url, "host": host})
        answer = self._hear()
        return answer["status"], answer["body"]

    def end(self) -> None:
        self._say({"close": True})
        self._process.wait(10)
