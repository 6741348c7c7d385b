"""Steps of an erasure outside the database: files with all their versions, traces, and the file of
tombstones.

A withdrawal alone never finds anything here; an erasure records the steps itself
(`withdrawal.erasure.services`).
"""

from __future__ import annotations

import logging
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.files.storage import storages
from django.db import connection
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from delivery import stored
from withdrawal.erasure import tombstones
from withdrawal.models import Tombstone
from withdrawal.surfaces.registry import Scope, Surface, SurfaceContent, register

logger = logging.getLogger(__name__)


class _Erased(Surface):
    def find(self, scope: Scope) -> SurfaceContent:
        """Return nothing: a withdrawal does not erase."""
        del scope
        return SurfaceContent()


@register
class ErasedFiles(_Erased):
    """Files of every kind in the public and the private storage, including older versions in an object
    store."""

    name = "erased_files"
    label = _("Files")
    order = 80

    def take_down(self, what: dict[str, Any]) -> None:
        for alias, names in what.get("files", {}).items():
            for name in names:
                storages[alias].delete(name)
                _delete_versions(storages[alias], name)

    def check(self, what: dict[str, Any]) -> int:
        return sum(
            storages[alias].exists(name) for alias, names in what.get("files", {}).items() for name in names
        )


def _delete_versions(storage: Any, name: str) -> None:
    """Delete all versions: an object store with versioning keeps the older ones of a deleted file."""
    bucket = getattr(storage, "bucket", None)
    if bucket is None or not hasattr(bucket, "object_versions"):
        return
    key = storage._normalize_name(name)
    for version in bucket.object_versions.filter(Prefix=key):
        if version.object_key == key:
            version.delete()


@register
class ErasedTraces(_Erased):
    """Caches, records of finished tasks and messages in editors' sessions: all may repeat a title."""

    name = "erased_traces"
    label = _("Caches, task records, sessions")
    order = 85

    def take_down(self, what: dict[str, Any]) -> None:
        """Clear all of them; there is nothing to choose by."""
        del what
        for alias in settings.CACHES:
            caches[alias].clear()
        DBTaskResult.objects.finished().delete()
        # They may show an alternative text or a name that was changed long before.
        stored.remove_outdated()
        _erase_indexed_words()
        store = import_module(settings.SESSION_ENGINE).SessionStore
        for session in Session.objects.all():
            names = [
                key
                for key in session.get_decoded()
                if key == "_messages" or key.startswith("interview-import-")
            ]
            if names:
                kept = store(session.session_key)
                for name in names:
                    kept.pop(name, None)
                kept.save()

    def check(self, what: dict[str, Any]) -> int:
        """Return how many sessions still have messages."""
        del what
        return sum("_messages" in session.get_decoded() for session in Session.objects.all())


def _erase_indexed_words() -> None:
    """Merge SQLite's full-text indexes and truncate its log: both keep the words of deleted rows until
    then."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%USING fts5%'")
        for (name,) in cursor.fetchall():
            table = connection.ops.quote_name(name)
            cursor.execute(f"INSERT INTO {table}({table}) VALUES('optimize')")
        if not connection.in_atomic_block:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@register
class ErasureJournal(_Erased):
    """The file that remembers erasures when an older database is restored."""

    name = "erasure_journal"
    label = _("Record that prevents a return from backups")
    order = 86

    def take_down(self, what: dict[str, Any]) -> None:
        """Append the tombstones that the file lacks."""
        del what
        tombstones.write_file()

    def check(self, what: dict[str, Any]) -> int:
        """Return how many tombstones the file lacks."""
        del what
        return len(set(Tombstone.objects.values_list("kind", "key_hash")) - set(tombstones.in_file()))
