from __future__ import annotations

from decimal import Decimal

import pytest

from information.money import cost_words


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [
        ("20000", "32000", "USD 20,000 to 32,000"),
        ("20000", None, "USD 20,000"),
        ("20000.00", "20000", "USD 20,000"),
        (None, "32000.50", "up to USD 32,000.50"),
        ("0", None, "USD 0"),
        (None, None, ""),
    ],
)
def test_an_amount_in_words(least: str | None, most: str | None, words: str) -> None:
    assert cost_words(Decimal(least) if least else None, Decimal(most) if most else None, "USD") == words
