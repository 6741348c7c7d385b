"""What case studies hold about a person besides their pages: the record a case was imported from."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Model
from wagtail.models import Page

from casestudies.models import ImportedCase
from consent.models import Person
from withdrawal.erasure import personal_data, services


def imports_of(_person: Person, pages: list[Page]) -> Iterable[Model]:
    yield from ImportedCase.objects.filter(page__in=[page.pk for page in pages])


# The row stays as a keyed hash: the next run of the import must not bring the case back.
services.record_emptiers["casestudies.ImportedCase"] = lambda imported: ImportedCase.objects.get(
    pk=imported.pk
).forget()
personal_data.root_finders.append(imports_of)
