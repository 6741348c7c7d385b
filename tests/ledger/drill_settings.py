"""Settings of the server in the restore drill: a database and folders that the test made, named in the
environment."""

from __future__ import annotations

import os
from pathlib import Path

from config.settings.test import *  # noqa: F403
from config.settings.test import DATABASES, SQLITE_OPTIONS, STORAGES

FOLDER = Path(os.environ["DRILL_FOLDER"])
if os.environ.get("DRILL_DATABASE"):
    DATABASES["default"]["NAME"] = os.environ["DRILL_DATABASE"]
else:
    DATABASES["default"] = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(FOLDER / "db.sqlite3"),
        "OPTIONS": SQLITE_OPTIONS,
    }
VAR = FOLDER
MEDIA_ROOT = FOLDER / "files"
STORAGES["private"]["OPTIONS"]["location"] = FOLDER / "private"
LEDGER_FILE = str(FOLDER / "ledger.jsonl")
ERASURES_FILE = str(FOLDER / "erasures.jsonl")
LEDGER_CHECKS = True
PAGE_CACHE_MEGABYTES = 64
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
