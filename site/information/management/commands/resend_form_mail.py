from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from information.mailing import deliver
from information.models import Submission


class Command(BaseCommand):
    help = "Sends the mails about stored forms that have not gone out. Safe to run at any time."

    def handle(self, *_args: object, **_options: Any) -> None:
        waiting = list(Submission.objects.not_mailed().select_related("page"))
        failed = [submission for submission in waiting if not deliver(submission)]
        self.stdout.write(f"Sent: {len(waiting) - len(failed)}. Still not sent: {len(failed)}.")
        if failed:
            raise CommandError(
                f"{len(failed)} mail(s) could not be sent, the last because of {failed[-1].mail_error}. "
                "Nothing is lost: see Forms in the admin. Check EMAIL_URL, then run this again."
            )
