"""Measurements in the editor: what only the whole form can see is checked, and what needs a second look is
said.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.panels import Panel
from wagtail.models import Page

from casestudies import measurement_rules
from casestudies.models.observation import with_scales


class ChecksMeasurements:
    """Part of the page's form: ages and dates of measurements against the patient and against each other.

    `Observation.clean` refuses what is wrong with one measurement alone. Drafts are checked too: an
    impossible value is not just unfinished.
    """

    formsets: dict[str, Any]
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = self.formsets["observations"].forms if "observations" in self.formsets else []
        # One list for all rows: each would ask the database for its own.
        shared = list(rows[0].fields["outcome_measure"].choices) if rows else []
        for row in rows:
            row.fields["outcome_measure"].widget.choices = shared
            if row.instance.outcome_measure_id:
                # Copies of the measure's own words were not typed by an editor.
                row.initial.update(measure="", unit="", better="")

    def is_valid(self) -> bool:
        valid = bool(super().is_valid())  # type: ignore[misc]  # of the form that this is mixed into
        formset = self.formsets.get("observations")
        if not self.is_bound or formset is None:  # type: ignore[attr-defined]  # as above
            return valid
        kept = [form for form in formset.forms if _is_kept(formset, form)]
        for problem in measurement_rules.problems(
            [form.instance for form in kept],
            age=getattr(self, "cleaned_data", {}).get("age_at_treatment"),
        ):
            kept[problem.row].add_error(problem.field, problem.message)
            valid = False
        return valid


def _is_kept(formset: Any, form: Any) -> bool:
    """Return whether a row is filled in, valid on its own and not deleted."""
    if not form.is_valid() or formset._should_delete_form(form):
        return False
    return bool(form.has_changed() or form.instance.pk)


class MeasurementsPanel(Panel):
    """What is allowed in the measurements and needs a second look. Nothing where there is nothing to say."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("heading", _("Look again"))
        super().__init__(**kwargs)

    class BoundPanel(Panel.BoundPanel):
        template_name = "casestudies/admin/measurements_panel.html"

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            rows = _rows_of(self.form, self.instance) if self.instance is not None else []
            self.warnings = measurement_rules.warnings(with_scales(rows))

        def is_shown(self) -> bool:
            return bool(self.warnings) and bool(super().is_shown())

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            return context | {"warnings": self.warnings}


def _rows_of(form: Any, instance: Any) -> list[Any]:
    """The measurements as they stand in the form that was sent, else as they are saved."""
    formset = form.formsets.get("observations") if form is not None and form.is_bound else None
    if formset is None:
        return list(instance.observations.all())
    return [row.instance for row in formset.forms if _is_kept(formset, row)]


def warn_on_publication(request: HttpRequest, page: Page) -> None:
    """Say once more, when a case study is published, what needs a second look in its measurements."""
    for warning in measurement_rules.warnings(with_scales(page.observations.all())):
        messages.warning(request, warning)
