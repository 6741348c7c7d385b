"""Menus: links are resolved when something changes, and cost a visitor one query."""

from __future__ import annotations

from typing import Any

import pytest
from wagtail.blocks.struct_block import StructBlockValidationError

from pages.blocks import LinkBlock
from pages.models import SiteSettings
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def about() -> Any:
    return make.StandardPageFactory(title="About us", slug="about")


@pytest.fixture
def settings_row(about: Any) -> SiteSettings:
    from wagtail.models import Site

    row = SiteSettings.for_site(Site.objects.get(is_default_site=True))
    row.menu = [("link", {"page": about, "label": "", "address": "", "hint": ""})]
    row.footer = [
        (
            "column",
            {
                "heading": "Help",
                "links": [{"page": None, "label": "Doctors", "address": "/doctors/", "hint": ""}],
            },
        )
    ]
    row.save()
    return row


def menu(row: SiteSettings) -> list[tuple[str, str]]:
    row.refresh_from_db()
    return [(link["text"], link["url"]) for link in row.resolved_links["menu"]]


def test_links_follow_their_page(settings_row: SiteSettings, about: Any) -> None:
    assert menu(settings_row) == [("About us", "/about/")]
    about.title, about.slug = "Who we are", "who-we-are"
    about.save_revision().publish()
    assert menu(settings_row) == [("Who we are", "/who-we-are/")]
    about.refresh_from_db()
    about.move(make.StandardPageFactory(title="This site", slug="site"), pos="last-child")
    assert menu(settings_row) == [("Who we are", "/site/who-we-are/")]
    type(about).objects.get(pk=about.pk).unpublish()
    assert menu(settings_row) == []


def test_a_link_to_a_deleted_page_is_gone(settings_row: SiteSettings, about: Any) -> None:
    about.delete()
    assert menu(settings_row) == []
    assert settings_row.resolved_links["footer"][0]["links"][0]["url"] == "/doctors/"


def test_the_menu_is_on_the_page_for_no_query_until_it_changes(
    settings_row: SiteSettings, client: Any, django_assert_max_num_queries: Any
) -> None:
    client.get("/about/")
    with django_assert_max_num_queries(6) as captured:
        page = client.get("/about/").content.decode()
    assert 'href="/doctors/"' in page
    assert not [query for query in captured if "pages_sitesettings" in query["sql"]]
    settings_row.banner_text = "Closed in August"
    settings_row.save()
    with django_assert_max_num_queries(6) as captured:
        assert "Closed in August" in client.get("/about/").content.decode()
    assert len([query for query in captured if "pages_sitesettings" in query["sql"]]) == 1


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ({"label": "Nowhere"}, "page"),
        ({"label": "Odd", "address": "javascript:alert(1)"}, "address"),
        ({"label": "", "address": "/doctors/"}, "label"),
    ],
)
def test_a_link_that_leads_nowhere_is_refused_by_name(value: dict[str, str], field: str) -> None:
    block = LinkBlock()
    with pytest.raises(StructBlockValidationError) as refused:
        block.clean(block.to_python({"page": None, "address": "", "hint": "", **value}))
    assert set(refused.value.block_errors) == {field}
