"""A public page is in the language of its words; the admin in that of who works in it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests import factories as make

pytestmark = pytest.mark.django_db
ARABIC = {"Accept-Language": "ar"}


def test_a_public_page_does_not_follow_the_browser(home: Any, client: Client) -> None:
    story = make.StoryPageFactory()
    for url in (home.url, story.url, "/not/here/"):
        answer = client.get(url, headers=ARABIC)
        page = answer.content.decode()
        assert '<html lang="en" dir="ltr"' in page, url
        assert answer["Content-Language"] == "en"
        assert "Accept-Language" not in answer.get("Vary", "")


def test_the_admin_follows_it(home: Any, client: Client, editor: User) -> None:
    client.force_login(editor)
    page = client.get("/admin/", headers=ARABIC).content.decode()
    assert 'lang="ar"' in page
    assert 'dir="rtl"' in page
