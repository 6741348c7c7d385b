"""The forms of a cohort: its figures, checked where they were typed, and a file of case rows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from pages.outcome_counts import OUTCOMES, problems

LARGEST = 20 * 1024 * 1024  # bytes; 10,000 rows have about half of one megabyte
NUMBERS = ("followed_up", *OUTCOMES)


class CohortForm(WagtailAdminModelForm):
    """Checks what no single field can: each line of figures against the number treated, and against the
    measures.

    Drafts are checked too: impossible figures are never kept.
    """

    def is_valid(self) -> bool:
        valid: bool = super().is_valid()
        if "figures" not in self.formsets or not hasattr(self, "cleaned_data"):
            return valid
        if self.cleaned_data.get("basis") == "rows":
            return valid
        measures = self._measures()
        seen: set[tuple[str, int]] = set()
        for form in self.formsets["figures"].forms:
            row = getattr(form, "cleaned_data", None)
            if not row or row.get("DELETE") or (not form.has_changed() and not form.instance.pk):
                continue
            valid = self._row(form, row, measures, seen) and valid
        return valid

    def _measures(self) -> list[str]:
        rows = [getattr(form, "cleaned_data", {}) for form in self.formsets["measures"].forms]
        return [row["name"] for row in rows if row.get("name") and not row.get("DELETE")]

    def _row(self, form: Any, row: dict[str, Any], measures: list[str], seen: set[tuple[str, int]]) -> bool:
        found = problems(
            treated=self.cleaned_data.get("treated"), **{name: row.get(name) for name in NUMBERS}
        )
        for problem in found:
            form.add_error(problem.field, problem.text)
        measure, months = row.get("measure"), row.get("months")
        if measure and measure not in measures:
            form.add_error(
                "measure",
                _("This cohort has no measure “%(name)s”. It has: %(all)s.")
                % {"name": measure, "all": ", ".join(measures) or _("none")},
            )
        elif measure and months:
            if (measure, months) in seen:
                form.add_error("months", _("There is already a line for this measure and time."))
            seen.add((measure, months))
        return not form.errors


class RowsForm(forms.Form):
    """A file of case rows. It is read at once and never kept; only what was de-identified is."""

    rows = forms.FileField(
        label=gettext_lazy("File of case rows"),
        help_text=gettext_lazy("CSV, UTF-8, first line with the names of the columns."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_rows(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["rows"]
        if file.size and file.size > LARGEST:
            raise ValidationError(
                _("The file is larger than 20 MB. Split it, and import one part after the other.")
            )
        return file
