"""Panels of a treatment page's form: figures are typed, or come from a cohort, never both."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.panels import HelpPanel, MultiFieldPanel
from wagtail.models import Page


def cohort_of_page(page: Page) -> Any:
    """Return the published cohort whose figures a treatment page shows; None where editors type them."""
    if not page.condition_id or not page.treatment_id:
        return None
    return page.condition.cohorts.shown_with_stories(page.condition_id, page.treatment_id)


class TypedFiguresPanel(MultiFieldPanel):
    """Hidden where a cohort gives the figures."""

    class BoundPanel(MultiFieldPanel.BoundPanel):
        def is_shown(self) -> bool:
            return super().is_shown() and cohort_of_page(self.instance) is None


class CohortNotePanel(HelpPanel):
    """Says which cohort gives the figures, and links to it. Hidden where there is none."""

    class BoundPanel(HelpPanel.BoundPanel):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.cohort = cohort_of_page(self.instance)
            if self.cohort is not None:
                url = AdminURLFinder(self.request.user if self.request else None).get_edit_url(self.cohort)
                name = (
                    format_html('<a href="{}">{}</a>', url, self.cohort)
                    if url
                    else format_html("{}", self.cohort)
                )
                self.content = format_html(
                    _("The figures of this page come from the cohort ‘{}’. Change them there."), name
                )

        def is_shown(self) -> bool:
            return super().is_shown() and self.cohort is not None
