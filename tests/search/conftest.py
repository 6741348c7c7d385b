from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client


@dataclass
class Answer:
    """What a search page says."""

    soup: BeautifulSoup
    status: int
    hits: dict[str, list[str]] = field(default_factory=dict)

    @property
    def titles(self) -> set[str]:
        return {title for titles in self.hits.values() for title in titles}

    @property
    def said(self) -> str:
        status = self.soup.select_one("[role=status]")
        return " ".join(status.text.split()) if status else ""


@pytest.fixture
def ask(client: Client) -> Callable[..., Answer]:
    """`ask("CP", kind="stories")` -> the titles of the hits by kind, and what is said above them."""

    def asking(q: str, **params: Any) -> Answer:
        response = client.get("/search/", {"q": q, **params})
        soup = BeautifulSoup(response.content, "html.parser")
        hits = {
            section.h2.text: [title.text for title in section.select("h3 a")]
            for section in soup.select("section.hits")
        }
        return Answer(soup, response.status_code, hits)

    return asking
