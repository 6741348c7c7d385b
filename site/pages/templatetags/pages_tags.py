"""Template tags of the public pages: head, menu, the two drawings, contents. Contracts: docs of each tag."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template import Context
from django.utils.html import format_html
from django.utils.html import linebreaks as as_paragraphs
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import to_locale
from wagtail.admin.templatetags.wagtailuserbar import wagtailuserbar
from wagtail.models import Page, Site
from wagtail.rich_text import RichText
from wagtail.templatetags.wagtailcore_tags import richtext

from changes.kept import Kept
from media import transcript_text
from media.renditions import responsive
from pages import drawing, wording
from pages.cards import Card
from pages.choices import Outcome
from pages.cohort_figure import cohort_figure
from pages.headings import identified
from pages.listing import Option
from pages.models import BasePage, SiteSettings
from pages.numbers import figure
from pages.routing import specific_of
from pages.stacked_bar import bar_parts
from publication.mixins import AboutPerson
from rendering.rich_text import html_of

register = template.Library()

HERE, ABOVE_HERE = SafeString(' aria-current="page"'), SafeString(' aria-current="true"')
NOTHING = SafeString("")

# As django.utils.html.json_script: a "</script>" or "<!--" inside a value must not end or change the element.
SCRIPT_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@dataclass(frozen=True)
class SiteMenu:
    """What every page shows. Links are dicts with text, url and hint."""

    name: str
    menu: Sequence[Mapping[str, str]] = ()
    tools: Sequence[Mapping[str, str]] = ()
    footer: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    care_text: str = ""
    publisher: str = ""
    publisher_ties: str = ""
    feedback_link: str = ""
    footer_text: str = ""
    banner_text: str = ""
    banner_link: str = ""


@register.simple_tag(takes_context=True)
def site_menu(context: Context) -> SiteMenu:
    """Return menus, footer and banner of this site: at most one query. Without a request or a site: the name
    alone.
    """
    request: HttpRequest | None = context.get("request")
    site = Site.find_for_request(request) if request else None
    return SiteMenu(name=settings.WAGTAIL_SITE_NAME) if site is None else _menus.get(site.pk, site.site_name)


def _menu_of(site: int, name: str) -> SiteMenu:
    site_settings = SiteSettings.objects.filter(site=site).first() or SiteSettings()
    links = site_settings.resolved_links or {}
    return SiteMenu(
        name=name or settings.WAGTAIL_SITE_NAME,
        menu=links.get("menu", ()),
        tools=links.get("tools", ()),
        footer=links.get("footer", ()),
        care_text=site_settings.care_text,
        publisher=site_settings.publisher,
        publisher_ties=site_settings.publisher_ties,
        feedback_link=site_settings.feedback_link,
        footer_text=site_settings.footer_text,
        banner_text=site_settings.banner_text,
        banner_link=site_settings.banner_link,
    )


_menus: Kept[SiteMenu] = Kept(_menu_of)


@register.simple_tag
def active(url: str, path: str) -> SafeString:
    """` aria-current="page"` on the address itself, `="true"` on the section that holds it, else nothing.

    `path`: of the request; '' without one.
    """
    if url == path:
        return HERE
    if len(url) > 1 and url.endswith("/") and path.startswith(url):
        return ABOVE_HERE
    return NOTHING


@register.simple_tag(takes_context=True)
def editors_bar(context: Context) -> SafeString | str:
    """Wagtail's bar for people with a session. Without its cookie the session is not even looked at."""
    request: HttpRequest | None = context.get("request")
    if request is None or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return ""
    return wagtailuserbar(context)


@register.simple_tag(takes_context=True)
def canonical_url(context: Context) -> str:
    """Return the one full address of this page: without filters and sorting, with the number of a later page
    of a list.
    """
    request: HttpRequest | None = context.get("request")
    if request is None:
        return ""
    page = context.get("page")
    if isinstance(page, Page):
        address = page.get_full_url(request) or ""
    else:
        address = request.build_absolute_uri(request.path)
    number = request.GET.get("page", "")
    return (
        f"{address}?page={int(number)}"
        if number.isascii() and number.isdigit() and len(number) < 10 and int(number) > 1
        else address
    )


@register.simple_tag(takes_context=True)
def json_ld(context: Context) -> SafeString:
    """Return the page's schema.org data as a script element; '' for what is not a page of the tree."""
    page, request = context.get("page"), context.get("request")
    if request is None or page is None or not hasattr(page, "json_ld"):
        return mark_safe("")
    data = json.dumps(page.json_ld(request), ensure_ascii=False, default=str).translate(SCRIPT_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(data))


@register.simple_tag(takes_context=True)
def shared_picture(context: Context) -> str:
    """Return the full address of the picture shown when the page is shared, or ''."""
    page, request = context.get("page"), context.get("request")
    picture = getattr(page, "shared_picture", None)
    made = responsive(picture, "social") if picture and request else None
    return request.build_absolute_uri(made.fallback.url) if made and request else ""


@register.simple_tag
def fresh_ids() -> dict[str, int]:
    """Return the counts of ids given to headings of one page; base.html puts it in the context as
    `heading_ids`.
    """
    return {}


@register.simple_tag(takes_context=True)
def rich_text(context: Context, value: RichText | str) -> SafeString:
    """Return rich text as HTML, with an id on every second-level heading that no other text of
    the page has.
    """
    used = context.get("heading_ids")
    html, _found = identified(html_of(richtext(value)), used if isinstance(used, dict) else {})
    return SafeString(html)


@register.simple_tag
def headings(*streams: Iterable[Any]) -> list[tuple[str, str]]:
    """Return (id, text) of the second-level headings in the texts of these StreamFields, as `rich_text` names
    them.
    """
    used: dict[str, int] = {}
    found: list[tuple[str, str]] = []
    for stream in streams:
        for block in stream or ():
            if isinstance(block.value, RichText):
                found += identified(block.value.source, used)[1]
    return found


@register.simple_tag
def public_page(page: Page | None) -> BasePage | None:
    """Return a chosen page as its own type (a TreatmentPage, ...); None when none is chosen or it is not
    public.
    """
    if not page or not page.live:
        return None
    specific = specific_of(page)
    if isinstance(specific, AboutPerson):
        clearance = specific.clearance_now
        if clearance is None or not clearance.is_in_force():
            return None
    return specific if isinstance(specific, BasePage) else None


@register.simple_tag
def card_of(page: Page | None, why: str = "") -> Card | None:
    """Return the card of a chosen page; None when none is chosen or it is not public."""
    public = public_page(page)
    return public.card(why) if public else None


@register.filter
def paragraphs(text: Any) -> SafeString:
    """Return HTML (rich text, safe strings) unchanged, and plain text in paragraphs."""
    if isinstance(text, RichText):
        return html_of(text)
    if hasattr(text, "__html__"):
        return mark_safe(text.__html__())
    return mark_safe(as_paragraphs(str(text), autoescape=True))


@register.filter
def before_words(label: str) -> str:
    """Return a label with a colon, unless it ends a sentence already: 'Country:', 'How old are you?'."""
    text = str(label)
    return text if text.endswith((":", "?", ".", "!", "؟", "。")) else f"{text}:"


@register.filter
def og_locale(language: str) -> str:
    """Return 'pt-br' as OpenGraph writes it: 'pt_BR'."""
    return to_locale(language)


@register.filter
def clock(seconds: float | str | None) -> str:
    """Return a time in a recording: 134 is '02:14', 3674 is '1:01:14'."""
    return transcript_text.clock(seconds)


@register.filter
def any_chosen(options: Iterable[Option]) -> bool:
    """Return whether a facet has a choice: it is then shown open."""
    return any(option.chosen for option in options)


@register.filter
def followed(months: int | None) -> str:
    """Return 'followed 12 months', or that it is not stated."""
    return wording.followed(months)


@register.inclusion_tag("components/crumbs.html", takes_context=True)
def crumbs(context: Context, page: Page | None = None, here: str = "") -> dict[str, Any]:
    """Show where the reader is: Home, the pages between, this page.

    One query below the second level, none above, and none for the requested page, which knows the pages above
    it (pages.routing).

    `page`: the context's own page by default. `here`: a shorter name for it, or the name of what is not a
    page.
    """
    shown = page or context.get("page")
    between: list[Page] = list(getattr(shown, "ancestors_to_show", None) or ())
    if not between and isinstance(shown, Page) and shown.depth and shown.depth > 3:
        between = list(Page.objects.ancestor_of(shown).filter(depth__gt=2).order_by("depth"))
    title = here or (shown.title if isinstance(shown, Page) else "")
    at_home = isinstance(shown, Page) and (shown.depth or 0) <= 2
    request = context.get("request")
    trail = [(parent.get_url(request) or "", parent.title) for parent in between]
    return {"trail": trail, "here": "" if at_home else title}


@register.inclusion_tag("components/toc.html")
def toc(items: Iterable[tuple[str, str]], label: str = "") -> dict[str, Any]:
    """Show the contents of a page: `items` are (id, text) of its headings. Nothing for fewer than two."""
    return {"items": list(items), "label": label or _("On this page")}


@register.inclusion_tag("components/followup_line.html")
def followup_line(months: int | None = None, visits: Iterable[int] = ()) -> dict[str, Any]:
    """Show how long one person was followed: a line to one scale everywhere, a tick for each visit."""
    return {"line": drawing.followup_line(months, visits or ())}


@register.inclusion_tag("components/outcome_mix.html")
def outcome_mix(counts: Mapping[str, int], is_sample: bool = False) -> dict[str, Any]:
    """Show how the stories of a list ended. `counts`: stories by outcome (good, mixed, same, worse, none)."""
    ended = ((ending, counts.get(ending) or 0) for ending in Outcome.values)
    parts = bar_parts((ending, n, f"{figure(n)} {wording.OUTCOME_WORDS[ending]}") for ending, n in ended)
    return {"parts": parts, "is_sample": is_sample}


register.inclusion_tag("components/cohort.html", name="cohort")(cohort_figure)
