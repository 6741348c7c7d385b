"""What imports hold about a person besides their pages: where the pages and consents came from."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Model
from wagtail.models import Page

from consent.models import Person
from importing.models import ImportedStory
from withdrawal.erasure import personal_data, services


def imports_of(_person: Person, pages: list[Page]) -> Iterable[Model]:
    yield from ImportedStory.objects.filter(page__in=[page.pk for page in pages])


def forget(imported: ImportedStory) -> None:
    ImportedStory.objects.get(pk=imported.pk).forget()


def keep(_row: Model) -> None:
    """Leave the row, which is a keyed hash and a number."""


personal_data.root_finders.append(imports_of)
# The rows stay as keyed hashes: the next run of an import must not bring the person back.
services.record_emptiers["importing.ImportedStory"] = forget
services.record_emptiers["importing.ImportedPerson"] = keep
services.record_emptiers["importing.ImportedConsent"] = keep
