"""What case studies hold about a person besides their pages: the record a case was imported from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from casestudies.models import ImportedCase
from people.erasure import erasing, holdings
from people.models import Person


def imports_of(_person: Person, pages: list[Any]) -> Iterable[Model]:
    yield from ImportedCase.objects.filter(page__in=[page.pk for page in pages])


# The row stays as a keyed hash: the next run of the import must not bring the case back.
erasing.scrubbers["casestudies.ImportedCase"] = lambda imported: ImportedCase.objects.get(
    pk=imported.pk
).forget()
holdings.finders.append(imports_of)
