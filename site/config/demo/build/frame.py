"""The site itself: its home page, its lists, its menus and footer."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from wagtail.models import Page, Site

from casestudies.models import CaseStudyIndexPage
from config.demo.build import streams
from config.demo.build.workshop import Workshop, midday, review
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
# The page that Wagtail's first migration puts where a site's home page will be.
WELCOME = {
    "title": "Welcome to your new Wagtail site!",
    "content_type__model": "page",
    "numchild": 0,
    "depth": 2,
}


def why_not_here(workshop: Workshop) -> str:
    """Why the demo must not be loaded into this database; '' if it may."""
    if workshop.has_made("home"):
        return "" if workshop.find("home") else "The demo's home page was deleted: nothing is added any more."
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site and site.root_page and not Page.objects.filter(pk=site.root_page_id, **WELCOME).exists():
        return f"This database has a site of its own already (‘{site.root_page.title}’): the demo is not added to it."
    return ""


def make_home(workshop: Workshop) -> None:
    workshop.once("home", partial(home, workshop))


def home(workshop: Workshop) -> HomePage:
    entry = workshop.content.site["home"]
    page = HomePage(
        title=entry["title"],
        slug="returning-hope",
        seo_title=entry["seo_title"],
        search_description=entry["description"],
        lede=entry["lede"],
        suggestions=entry["suggestions"],
        picture=workshop.find(f"picture-{entry['picture']}"),
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
    site.site_name = workshop.content.site["site_name"]
    site.save()
    for welcome in Page.objects.filter(**WELCOME):
        welcome.delete()
    return page


def make_indexes(workshop: Workshop) -> None:
    for entry in workshop.content.site["indexes"]:
        workshop.publish(entry["key"], "home", partial(index, entry), OPENED)


def index(entry: dict[str, Any]) -> Page:
    return INDEXES[entry["type"]](
        title=entry["title"],
        slug=entry["slug"],
        lede=entry["lede"],
        search_description=entry["description"],
        tone=entry["tone"],
        **review(),
    )


def link(entry: dict[str, str], workshop: Workshop) -> dict[str, Any]:
    """A menu's link: to the page, or to its address if the page is gone."""
    page = workshop.find(entry["page"])
    return {
        "label": entry.get("label", "" if page else entry["page"]),
        "page": page.pk if page else None,
        "address": "" if page else workshop.content.paths[entry["page"]],
        "hint": entry.get("hint", ""),
    }


def finish_home(workshop: Workshop) -> None:
    """What the home page shows of other pages, once these are there."""

    def build() -> HomePage:
        entry = workshop.content.site["home"]
        page = HomePage.objects.get(pk=workshop.find("home").pk)
        page.ways = streams.stored(streams.block("way", link(way, workshop)) for way in entry["ways"])
        page.lead_story = workshop.find(entry["lead_story"])
        page.featured_treatment = workshop.find(entry["featured_treatment"])
        page.quote_story = workshop.find(entry["quote_story"])
        if page.quote_story:
            page.quote, page.quote_speaker = entry["quote"], entry["quote_speaker"]
        page.save_revision().publish()
        return page

    workshop.once("home-finished", build)


def make_settings(workshop: Workshop) -> None:
    def build() -> SiteSettings:
        entry = workshop.content.site["settings"]
        settings = SiteSettings.for_site(workshop.find("home").get_site())
        settings.menu = streams.stored(streams.block("link", link(one, workshop)) for one in entry["menu"])
        settings.tools = streams.stored(streams.block("link", link(one, workshop)) for one in entry["tools"])
        settings.footer = streams.stored(
            streams.block(
                "column",
                {
                    "heading": column["heading"],
                    "links": streams.items(link(one, workshop) for one in column["links"]),
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

    workshop.once("settings", build)
