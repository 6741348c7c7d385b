"""The translations of a language in one dictionary, so that a look-up is one look-up.

Django joins the catalogues of all apps into one where their plural forms are the same, but compares a
function with its code, which are never equal. So it keeps one dictionary for each app, and a text without a
translation, which is nearly every text of an English site, is looked up in all of them, twice. A page asks
for seventy texts.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import trans_real

# Plural forms are the same for two catalogues where they are for so many numbers. The longest rule, that of
# Arabic, repeats after a hundred.
NUMBERS = range(1000)


class JoinedCatalogue(dict[Any, str]):
    """Answers as the `TranslationCatalog` that it is made of."""

    def __init__(self, catalogue: Any) -> None:
        for of_an_app in reversed(catalogue._catalogs):
            self.update(of_an_app)
        self._former = catalogue
        first, *others = catalogue._plurals
        forms = [first(number) for number in NUMBERS]
        self._are_alike = all([plural(number) for number in NUMBERS] == forms for plural in others)

    def plural(self, message: str, number: int) -> str:
        """Return the form of a message for a number. Raises KeyError without a translation."""
        if not self._are_alike:
            found: str = self._former.plural(message, number)
            return found
        return self[message, self._former._plurals[0](number)]


def join_catalogues(language: str) -> None:
    """Join the catalogues of a language. Nothing happens where they are joined already."""
    translation: Any = trans_real.translation(language)
    if isinstance(translation._catalog, trans_real.TranslationCatalog):
        translation._catalog = JoinedCatalogue(translation._catalog)
