"""What people sent through a form. Private: it holds names, addresses and health."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.forms.models import AbstractFormSubmission

# A mail that waits longer than this has no worker to send it.
WAITS_AT_MOST = timedelta(minutes=15)

# The column of the list in the admin. With a hyphen, so that no form field can be called the same.
MAIL_COLUMN = "mail-state"


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def not_mailed(self) -> Self:
        """Return those that should have been mailed and are not."""
        return self.filter(mail_wanted=True, mailed_at=None)

    def mail_in_trouble(self) -> Self:
        """Return those whose mail failed, or has waited so long that no worker seems to be running."""
        late = timezone.now() - WAITS_AT_MOST
        return self.not_mailed().filter(Q(mail_failed_at__isnull=False) | Q(submit_time__lt=late))


class Submission(AbstractFormSubmission):
    """One form as it was sent. It is stored before anything else is tried: a mail may fail, this does not."""

    fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    mail_wanted = models.BooleanField(_("to be mailed"), default=False)
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)
    mail_failed_at = models.DateTimeField(_("mail failed"), null=True, blank=True)
    mail_error = models.CharField(_("why the mail failed"), max_length=500, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta(AbstractFormSubmission.Meta):
        abstract = False
        verbose_name = _("form submission")
        verbose_name_plural = _("form submissions")
        ordering = ["submit_time", "pk"]

    def __str__(self) -> str:
        # Never what was sent: this string reaches logs, titles and error pages.
        return f"#{self.pk}"

    @property
    def mail_words(self) -> str:
        """Whether its mail was sent."""
        if not self.mail_wanted:
            return gettext("Not asked for")
        if self.mailed_at:
            return gettext("Sent %(when)s") % {"when": self._moment(self.mailed_at)}
        if self.mail_failed_at:
            return gettext("FAILED %(when)s: %(error)s") % {
                "when": self._moment(self.mail_failed_at),
                "error": self.mail_error,
            }
        return gettext("Waiting")

    @staticmethod
    def _moment(moment: Any) -> str:
        return str(date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT"))

    def get_data(self) -> dict[str, Any]:
        data: dict[str, Any] = super().get_data()
        return {**data, MAIL_COLUMN: self.mail_words}
