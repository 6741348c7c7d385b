"""Mails stored submissions. A failure is noted on the submission; nothing here can lose one."""

from __future__ import annotations

import logging

from django.core.mail import EmailMessage
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from information.models.submission import Submission

logger = logging.getLogger(__name__)


def deliver(submission: Submission) -> bool:
    """Mail one submission to its form's addresses and note how that went. Return whether it is mailed; never
    raise.

    A submission that was mailed is not mailed again.
    """
    if submission.mailed_at or not submission.mail_wanted:
        return True
    try:
        _message(submission).send()
    except Exception as error:  # whatever mail, DNS, TLS or an address can raise: the words are on record
        record_failure(submission, error)
        return False
    submission.mailed_at = timezone.now()
    submission.mail_failed_at = None
    submission.mail_error = ""
    submission.save(update_fields=["mailed_at", "mail_failed_at", "mail_error"])
    return True


def record_failure(submission: Submission, error: Exception) -> None:
    # The error names hosts and addresses of ours, not what the visitor wrote.
    submission.mail_failed_at = timezone.now()
    submission.mail_error = f"{type(error).__name__}: {error}".replace("\0", "")[:500]
    submission.save(update_fields=["mail_failed_at", "mail_error"])
    logger.error("Mail for form submission %s failed: %s", submission.pk, type(error).__name__)


def _message(submission: Submission) -> EmailMessage:
    page = submission.page.specific
    lines = []
    reply_to = []
    for field in page.get_form_fields():
        value = submission.form_data.get(field.clean_name)
        if value in (None, "", []):
            continue
        shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        lines.append(f"{field.label}:\n{shown}\n")
        if field.field_type == "email":
            reply_to.append(shown)
    subject = " ".join((page.subject or page.title).split())
    lines.append(
        _("Form submission %(number)s on %(site)s") % {"number": submission.pk, "site": page.full_url}
    )
    return EmailMessage(
        subject=subject, body="\n".join(lines), to=page.addresses, reply_to=reply_to[:1] or None
    )


@task()
def deliver_task(submission_pk: int) -> None:
    submission = Submission.objects.filter(pk=submission_pk).first()
    if submission is not None:
        deliver(submission)


def post(submission: Submission) -> None:
    """Hand a stored submission to the worker. If even that fails, the failure is noted and
    nothing is raised.
    """
    if not submission.mail_wanted:
        return
    try:
        deliver_task.enqueue(submission.pk)
    except Exception as error:
        record_failure(submission, error)
