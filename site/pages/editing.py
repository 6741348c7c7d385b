"""What the editor's form of every page has."""

from __future__ import annotations

from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm

# Wagtail keeps these apart: settled ones are in the database and not in the form.
NOT_TABLES = frozenset({"comments"})


class PageForm(WagtailAdminPageForm):
    """Saves tables (follow-ups, measurements) as they stand in the form: each row once.

    Wagtail saves as one types, and tells the open form the numbers of its new rows with the answer. An editor
    who presses 'Publish' while that answer is under way sends rows without numbers, and Wagtail would add
    every row again next to the ones just stored. A form holds all rows of a table, so a stored row that it
    does not name is not kept.
    """

    def save(self, commit: bool = True) -> Any:
        for name, formset in self.formsets.items():
            if name not in NOT_TABLES:
                manager = getattr(self.instance, formset.rel_name)
                named = {form.instance.pk for form in formset.forms}
                manager.remove(*[row for row in manager.all() if row.pk and row.pk not in named])
        return super().save(commit=commit)
