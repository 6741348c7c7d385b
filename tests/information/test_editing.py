"""Editors can open the forms of these pages in the admin."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import home
from tests.information.factories import FAQPageFactory, FinancingPageFactory, FormPageFactory, group
from tests.news.factories import NewsPageFactory, news_index

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", ["FAQPage", "FinancingPage", "FormPage"])
def test_a_new_page_can_be_begun(editor_client: Client, model: str) -> None:
    address = reverse("wagtailadmin_pages:add", args=("information", model.lower(), home().pk))
    assert editor_client.get(address).status_code == 200


def test_a_new_piece_of_news_can_be_begun(editor_client: Client) -> None:
    address = reverse("wagtailadmin_pages:add", args=("news", "newspage", news_index().pk))
    assert editor_client.get(address).status_code == 200


@pytest.mark.parametrize("factory", [FAQPageFactory, FinancingPageFactory, FormPageFactory, NewsPageFactory])
def test_a_page_can_be_opened_again(editor_client: Client, factory: Any) -> None:
    words = (
        {"body": [group("Results", ("Will it help?", "We cannot know."))]}
        if factory is FAQPageFactory
        else {}
    )
    page = factory.create(**words)
    response = editor_client.get(reverse("wagtailadmin_pages:edit", args=(page.pk,)))
    assert response.status_code == 200
    assert page.title in response.content.decode()
