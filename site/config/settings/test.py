"""For the test suite: tasks run at once, files go to a throw-away folder, passwords are quick to check."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from config.settings.base import *  # noqa: F403
from config.settings.base import DATABASES, STORAGES, env

SECRET_KEY = "only-for-tests-" + "x" * 40
ALLOWED_HOSTS = ["*"]

VAR = Path(tempfile.mkdtemp(prefix="firsthand-test-"))
MEDIA_ROOT = VAR / "files"
STORAGES["private"]["OPTIONS"]["location"] = VAR / "private"
STATIC_ROOT = VAR / "static"

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["NAME"] = ":memory:"
    DATABASES["default"]["OPTIONS"] = {"timeout": 20}

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
