"""The queue's own worker, which first sees to what another one was killed over."""

from __future__ import annotations

import logging
from typing import Any

from django.db import DatabaseError
from django_tasks_db.management.commands import db_worker

from media import clip_tasks
from withdrawal import sweep

logger = logging.getLogger(__name__)


class Command(db_worker.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        # The queue never runs a killed task again: what such a task was making is asked for anew.
        try:
            clip_tasks.sweep()
        except (DatabaseError, OSError):
            logger.exception(
                "Unfinished clips could not be put back into the queue. `manage.py cut_clips` does it."
            )
        # What a withdrawal could not take down at once is tried again as long as a worker runs.
        sweep.sweep()
        sweep.Sweeper().start()
        super().handle(*args, **options)
