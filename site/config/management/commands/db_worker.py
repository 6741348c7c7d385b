"""The worker of the task queue, which first repeats what a killed worker left unfinished."""

from __future__ import annotations

import logging
from typing import Any

from django.db import DatabaseError
from django_tasks_db.management.commands import db_worker

from ledger import guard
from media import clip_tasks
from withdrawal import sweep

logger = logging.getLogger(__name__)


class Command(db_worker.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        guard.check_at_start()
        # The queue never runs a killed task again, so enqueue its clips again.
        try:
            clip_tasks.sweep()
        except (DatabaseError, OSError):
            logger.exception(
                "Unfinished clips could not be put back into the queue. `manage.py cut_clips` does it."
            )
        # Retry what a withdrawal could not remove, as long as a worker runs.
        sweep.sweep()
        sweep.Sweeper().start()
        super().handle(*args, **options)
