"""For the test suite: tasks run at once, files go to a throw-away folder, passwords are quick to check."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from config.settings.base import *  # noqa: F403
from config.settings.base import DATABASES, SQLITE_OPTIONS, STORAGES, env

SECRET_KEY = "only-for-tests-" + "x" * 40
ALLOWED_HOSTS = ["*"]

VAR = Path(tempfile.mkdtemp(prefix="firsthand-test-"))
atexit.register(shutil.rmtree, VAR, ignore_errors=True)
MEDIA_ROOT = VAR / "files"
STORAGES["private"]["OPTIONS"]["location"] = VAR / "private"
STATIC_ROOT = VAR / "static"
ERASURES_FILE = str(VAR / "erasures.jsonl")

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as in production: each thread of a journey's server has a connection and a transaction of its own. In
    # memory all would share one connection, and one thread's rollback would undo another's work.
    DATABASES["default"]["NAME"] = VAR / "db.sqlite3"
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"] = {
        **SQLITE_OPTIONS,
        # Nobody needs the database after a power failure: the disk is not waited for.
        "init_command": str(SQLITE_OPTIONS["init_command"]).replace("synchronous=NORMAL", "synchronous=OFF"),
    }
else:
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"

CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://firsthand-tests")}
# Each process has a database of its own, and so a part of the cache of its own.
CACHES["default"]["KEY_PREFIX"] = f"test-{os.getpid()}"
if "RedisCache" in CACHES["default"]["BACKEND"]:
    # Each of several test workers has a Redis database of its own: to clear one's cache empties it.
    worker = env.str("PYTEST_XDIST_WORKER", default="gw0").removeprefix("gw")
    CACHES["default"]["LOCATION"] = (
        CACHES["default"]["LOCATION"].rsplit("/", 1)[0] + f"/{1 + int(worker) % 15}"
    )
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
