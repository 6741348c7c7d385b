"""Settings of a process that is killed: the database and the folders that its test made, named in the
environment."""

from __future__ import annotations

import os
from pathlib import Path

from config.settings.test import *  # noqa: F403
from config.settings.test import DATABASES, SQLITE_OPTIONS, STORAGES

FOLDER = Path(os.environ["FAULT_FOLDER"])
DATABASES["default"] = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": str(FOLDER / "db.sqlite3"),
    "OPTIONS": SQLITE_OPTIONS,
}
MEDIA_ROOT = FOLDER / "files"
VAR = FOLDER
LEDGER_FILE = str(FOLDER / "ledger.jsonl")
STORAGES["private"]["OPTIONS"]["location"] = FOLDER / "private"
# As in production: tasks wait for a worker, and none runs. A withdrawal must not need one.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
