"""Old addresses go on leading somewhere."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from tests.factories import StandardPageFactory

pytestmark = pytest.mark.django_db


def test_an_editors_redirect_works(client: Client, home: Any) -> None:
    about = StandardPageFactory.create(title="About", slug="about")
    Redirect.objects.create(old_path=Redirect.normalise_path("/who-we-are/"), redirect_page=about)
    response = client.get("/who-we-are/")
    assert (response.status_code, response["Location"]) == (301, about.url)


def test_a_page_that_is_renamed_or_moved_leaves_a_redirect_and_so_do_its_children(
    client: Client, home: Any, django_capture_on_commit_callbacks: Any
) -> None:
    about = StandardPageFactory.create(title="About", slug="about")
    child = StandardPageFactory.create(title="Who", slug="who", parent=about)
    about.refresh_from_db()
    about.slug = "about-us"
    with django_capture_on_commit_callbacks(execute=True):
        about.save_revision().publish()
    assert client.get("/about/")["Location"] == "/about-us/"
    assert client.get("/about/who/")["Location"] == "/about-us/who/"
    with django_capture_on_commit_callbacks(execute=True):
        Page.objects.get(pk=child.pk).move(Page.objects.get(pk=home.pk), pos="last-child")
    assert client.get("/about-us/who/")["Location"] == "/who/"
