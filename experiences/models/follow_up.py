"""Follow-ups of stories: what was observed, and when."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldRowPanel
from wagtail.models import Orderable

from experiences.wording import when
from pages.choices import Outcome


class FollowUp(Orderable):
    """An observation.

    Public times are relative to the treatment: 0 is the treatment, -3 is three months before.
    """

    page = ParentalKey("experiences.StoryPage", on_delete=models.CASCADE, related_name="follow_ups")
    months = models.SmallIntegerField(
        _("months after treatment"),
        validators=[MinValueValidator(-240), MaxValueValidator(600)],
        help_text=_("0 is the treatment itself; a negative number is before it."),
    )
    reported_by = models.CharField(
        _("reported by"), max_length=120, blank=True, help_text=_("E.g. ‘her mother’, ‘her physiotherapist’.")
    )
    observation = models.TextField(_("observation"), max_length=600)
    outcome = models.CharField(_("what changed"), max_length=5, choices=Outcome.choices, blank=True)
    outcome_text = models.CharField(
        _("in a few words"), max_length=80, blank=True, help_text=_("E.g. ‘Speech: no change’.")
    )

    panels = [
        FieldRowPanel(["months", "reported_by"]),
        "observation",
        FieldRowPanel(["outcome", "outcome_text"]),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("follow-up")

    def __str__(self) -> str:
        return self.when

    @property
    def when(self) -> str:
        """Return the time in words: '3 months before', 'Treatment', '12 months'."""
        return when(self.months)

    @property
    def entry(self) -> dict[str, str]:
        """Return an entry for `components/timeline.html`. Without a reported change, the outcome is empty."""
        source = gettext("Reported by: %(who)s") % {"who": self.reported_by} if self.reported_by else ""
        return {
            "when": self.when,
            "text": self.observation,
            "part": "treatment" if self.months == 0 else "before" if self.months < 0 else "after",
            "source": source,
            "outcome": self.outcome,
            "outcome_text": self.outcome_text or str(Outcome(self.outcome).label) if self.outcome else "",
        }


def months_of(entry: FollowUp) -> int | None:
    """Return the time of a follow-up; None in a draft where it has not been entered yet."""
    months: int | None = entry.months
    return months
