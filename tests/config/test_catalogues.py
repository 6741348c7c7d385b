"""Joined catalogues answer as Django's own."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import trans_real

from config.catalogues import JoinedCatalogue, join_catalogues

NUMBERS = (0, 1, 2, 3, 5, 11, 21, 100, 102, 111)


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_each_message_has_the_translation_that_django_finds(language: str) -> None:
    former: Any = trans_real.DjangoTranslation(language)._catalog  # type: ignore[attr-defined] # of Django
    joined = JoinedCatalogue(former)
    keys = list(former.keys())
    assert keys
    assert [joined.get(key) for key in keys] == [former.get(key) for key in keys]
    assert joined.get("Not a message of any app") is None
    for message in {key[0] for key in keys if isinstance(key, tuple)}:
        for number in NUMBERS:
            assert _plural(joined, message, number) == _plural(former, message, number)


def _plural(catalogue: Any, message: str, number: int) -> str | None:
    try:
        found: str = catalogue.plural(message, number)
    except KeyError:
        return None
    return found


def test_joining_twice_changes_nothing() -> None:
    join_catalogues("es")
    with translation.override("es"):
        before = translation.gettext("Yes")
        join_catalogues("es")
        assert translation.gettext("Yes") == before == "Sí"
        assert translation.ngettext("%d day", "%d days", 2) == translation.ngettext("%d day", "%d days", 5)
