"""For the test suite: tasks run immediately, files go to a temporary folder, passwords are quick to check."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from config.settings.base import *  # noqa: F403
from config.settings.base import DATABASES, SQLITE_OPTIONS, STORAGES, env

PAGE_CACHE_MEGABYTES = 0  # tests of the page cache turn it on
SECRET_KEY = "only-for-tests-" + "x" * 40
ALLOWED_HOSTS = ["*"]

VAR = Path(tempfile.mkdtemp(prefix="firsthand-test-"))
atexit.register(shutil.rmtree, VAR, ignore_errors=True)
MEDIA_ROOT = VAR / "files"
STORAGES["private"]["OPTIONS"]["location"] = VAR / "private"
STATIC_ROOT = VAR / "static"
ERASURES_FILE = str(VAR / "erasures.jsonl")
LEDGER_FILE = str(VAR / "ledger.jsonl")
LEDGER_CHECKS = False  # tests of the ledger start servers of their own

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as in production: each thread of a journey's server has its own connection and transaction. In
    # memory all would share one connection, and one thread's rollback would undo another's work.
    DATABASES["default"]["NAME"] = VAR / "db.sqlite3"
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"] = {
        **SQLITE_OPTIONS,
        # The database is not needed after a power failure, so do not wait for the disk.
        "init_command": str(SQLITE_OPTIONS["init_command"]).replace("synchronous=NORMAL", "synchronous=OFF"),
    }
else:
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"

CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://firsthand-tests")}
# Each process has its own database, and so its own part of the cache.
CACHES["default"]["KEY_PREFIX"] = f"test-{os.getpid()}"
if "RedisCache" in CACHES["default"]["BACKEND"]:
    # Each test worker has its own Redis database, because clearing a cache empties the whole database.
    worker = env.str("PYTEST_XDIST_WORKER", default="gw0").removeprefix("gw")
    CACHES["default"]["LOCATION"] = (
        CACHES["default"]["LOCATION"].rsplit("/", 1)[0] + f"/{1 + int(worker) % 15}"
    )
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
