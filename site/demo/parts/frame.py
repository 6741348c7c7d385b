"""The frame of the site: home page, lists, menus and footer."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from wagtail.models import Page, Site

from casestudies.models import CaseStudyIndexPage
from demo.parts import streams
from demo.site_builder import SiteBuilder, midday, review
from experiences.models import StoryIndexPage, VideoIndexPage
from news.models import NewsIndexPage
from pages.models import BasePage, HomePage, SiteSettings
from treatments.models import TreatmentIndexPage

INDEXES: dict[str, type[BasePage]] = {
    "stories": StoryIndexPage,
    "cases": CaseStudyIndexPage,
    "videos": VideoIndexPage,
    "treatments": TreatmentIndexPage,
    "news": NewsIndexPage,
}
OPENED = date(2025, 7, 1)
# The home page that Wagtail's first migration creates.
WELCOME = {
    "title": "Welcome to your new Wagtail site!",
    "content_type__model": "page",
    "numchild": 0,
    "depth": 2,
}


def reason_to_refuse(builder: SiteBuilder) -> str:
    """Return why the demo must not be loaded into this database, or '' if it may be."""
    if builder.has_made("home"):
        return "" if builder.find("home") else "The demo's home page has been deleted. Nothing was added."
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site and site.root_page and not Page.objects.filter(pk=site.root_page_id, **WELCOME).exists():
        return (
            f"This database has a site of its own already (‘{site.root_page.title}’). "
            "The demo was not added to it."
        )
    return ""


def make_home(builder: SiteBuilder) -> None:
    builder.once("home", partial(home, builder))


def home(builder: SiteBuilder) -> HomePage:
    entry = builder.content.site["home"]
    page = HomePage(
        title=entry["title"],
        slug="returning-hope",
        seo_title=entry["seo_title"],
        search_description=entry["description"],
        lede=entry["lede"],
        suggestions=entry["suggestions"],
        picture=builder.find(f"picture-{entry['picture']}"),
        tone=entry["tone"],
        live=False,
        first_published_at=midday(OPENED),
        **review(),
    )
    root = Page.get_first_root_node()
    root.add_child(instance=page)
    page.save_revision().publish()
    site = Site.objects.filter(is_default_site=True).first() or Site(
        hostname="localhost", port=80, is_default_site=True
    )
    site.root_page = page
    site.site_name = builder.content.site["site_name"]
    site.save()
    for welcome in Page.objects.filter(**WELCOME):
        welcome.delete()
    return page


def make_indexes(builder: SiteBuilder) -> None:
    for entry in builder.content.site["indexes"]:
        builder.publish(entry["key"], "home", partial(index, entry), OPENED)


def index(entry: dict[str, Any]) -> Page:
    return INDEXES[entry["type"]](
        title=entry["title"],
        slug=entry["slug"],
        lede=entry["lede"],
        search_description=entry["description"],
        tone=entry["tone"],
        **review(),
    )


def link(entry: dict[str, str], builder: SiteBuilder) -> dict[str, Any]:
    """Return a menu link: to the page, or to its address if the page has been deleted."""
    page = builder.find(entry["page"])
    return {
        "label": entry.get("label", "" if page else entry["page"]),
        "page": page.pk if page else None,
        "address": "" if page else builder.content.paths[entry["page"]],
        "hint": entry.get("hint", ""),
    }


def finish_home(builder: SiteBuilder) -> None:
    """Fill in what the home page shows of other pages, which exist by now."""

    def build() -> HomePage:
        entry = builder.content.site["home"]
        page = HomePage.objects.get(pk=builder.find("home").pk)
        page.ways = streams.stored(streams.block("way", link(way, builder)) for way in entry["ways"])
        page.lead_story = builder.find(entry["lead_story"])
        page.featured_treatment = builder.find(entry["featured_treatment"])
        page.quote_story = builder.find(entry["quote_story"])
        if page.quote_story:
            page.quote, page.quote_speaker = entry["quote"], entry["quote_speaker"]
        page.save_revision().publish()
        return page

    builder.once("home-finished", build)


def make_settings(builder: SiteBuilder) -> None:
    def build() -> SiteSettings:
        entry = builder.content.site["settings"]
        settings = SiteSettings.for_site(builder.find("home").get_site())
        settings.menu = streams.stored(streams.block("link", link(item, builder)) for item in entry["menu"])
        settings.tools = streams.stored(streams.block("link", link(item, builder)) for item in entry["tools"])
        settings.footer = streams.stored(
            streams.block(
                "column",
                {
                    "heading": column["heading"],
                    "links": streams.items(link(item, builder) for item in column["links"]),
                },
            )
            for column in entry["footer"]
        )
        settings.care_text = entry["care_text"]
        settings.publisher = entry["publisher"]
        settings.publisher_ties = entry["publisher_ties"]
        settings.feedback_link = entry["feedback_link"]
        settings.footer_text = entry["footer_text"]
        settings.save()
        return settings

    builder.once("settings", build)
