"""What a treatment costs, as of when, and who pays."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test import Client

from information.models import FinancingPage
from tests.information.factories import FinancingPageFactory

PRICED = {
    "name": "Paying yourself",
    "what_it_is": "<p>The family pays the hospital.</p>",
    "cost_from": "20000",
    "cost_to": "32000",
    "currency": "USD",
    "as_of": "2026-09-01",
    "leaves_out": "Flights",
    "who_pays": "The family",
}


def cleaned(**changes: Any) -> Any:
    block = FinancingPage.options.field.stream_block
    return block.clean(block.to_python([{"type": "option", "value": {**PRICED, **changes}}]))


def test_a_whole_option_is_taken() -> None:
    assert cleaned()[0].value.cost == "USD 20,000 to 32,000"


@pytest.mark.parametrize(
    "changes",
    [
        {"currency": ""},
        {"as_of": None},
        {"cost_from": None, "currency": ""},
        {"cost_to": "1"},
        {"cost_from": "-1"},
        {"who_pays": ""},
        {"currency": "XXX"},
    ],
)
def test_an_amount_without_currency_day_or_payer_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        cleaned(**changes)


@pytest.mark.django_db
def test_the_page_says_cost_currency_day_and_who_pays(client: Client) -> None:
    unpriced = {"name": "A charity", "what_it_is": "<p>Some help.</p>", "who_pays": "Donors"}
    page = FinancingPageFactory.create(options=[("option", cleaned()[0].value), ("option", unpriced)])
    text = BeautifulSoup(client.get(page.url).content, "html.parser").text
    for words in (
        "USD 20,000 to 32,000",
        "1 September 2026",
        "Who pays",
        "The family pays, before treatment starts.",
    ):
        assert words in text, words
    assert "Not known. Ask for a written price." in text
