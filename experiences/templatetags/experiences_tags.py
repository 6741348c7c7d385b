"""Template tags for stories and videos, also used on treatment pages and the home page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context
from django.utils.translation import gettext as _
from wagtail.models import Page

from conditions.models import Condition
from experiences import page_facts
from experiences.lists import StoryList, Surroundings, cards_of, story_list, video_list
from experiences.lists import surroundings as surroundings_of
from experiences.models import StoryIndexPage, StoryPage, VideoPage
from experiences.models.story import Origin
from experiences.querysets import stories_for as stories_of
from experiences.querysets import story_cards
from experiences.querysets import videos_for as videos_of
from experiences.rows import read_rows
from experiences.story_audio import StoryAudio
from experiences.wording import minutes_words
from pages.cards import Card
from pages.listing import Listing
from publication.visibility import visible_pages
from treatments.balance import balance_sentence
from treatments.matching import page_covering
from treatments.models import Treatment
from treatments.typical import typical_of

register = template.Library()


def _params(context: Context) -> dict[str, list[str]]:
    request = context.get("request")
    return dict(request.GET.lists()) if request else {}


def index_url(query: str = "") -> str:
    """Return the address of the story index, with a query string; '' if the site has no story index."""
    index = visible_pages(StoryIndexPage.objects.all()).first()
    url = index.url if index else ""
    return f"{url}?{query}" if url and query else url or ""


# Lists ----------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def stories_asked_for(context: Context) -> StoryList:
    """Return the story index, filtered by the query string."""
    return story_list(_params(context))


@register.simple_tag(takes_context=True)
def balance_asked_for(context: Context) -> str:
    """Compare the outcomes of the stories with those of all patients followed up; '' unless one condition is
    chosen.
    """
    # PostgreSQL rejects a NUL character.
    asked = [slug for slug in _params(context).get("condition", []) if "\0" not in slug]
    condition = Condition.objects.filter(slug=asked[0]).first() if len(asked) == 1 else None
    page = page_covering([condition.path], []) if condition else None
    return balance_sentence(page.story_counts, typical_of(page)) if page else ""


@register.simple_tag(takes_context=True)
def videos_asked_for(context: Context) -> tuple[Listing[Any], list[Card]]:
    """Return the listing and the cards of the video index."""
    return video_list(_params(context))


@register.simple_tag
def latest_stories(number: int = 3, without: Page | None = None) -> list[Card]:
    """Return the cards of the newest stories, except `without` (a page that is shown already)."""
    stories = story_cards()
    if without is not None:
        stories = stories.exclude(pk=without.pk)
    return cards_of(stories[:number])


@register.simple_tag
def lead_story(chosen: Page | None = None) -> Card | None:
    """Return the card of the story an editor chose, if it is public; else of the newest; None without
    stories.
    """
    stories = story_cards()
    story = (stories.filter(pk=chosen.pk).first() if chosen else None) or stories.first()
    return story.card() if story else None


@register.simple_tag
def told_in(chosen: Page | None, words: str) -> Card | None:
    """Return the card of the story that another page quotes; None if the words may not be shown.

    They may not be shown if no story is named, if the story is not public, or if its own quote of them is
    redacted.
    """
    story = StoryPage.objects.filter(pk=chosen.pk).select_related("clearance").first() if chosen else None
    if story is None or not words or story.clearance_now is None or not story.live:
        return None
    if not story.clearance_now.is_in_force():
        return None
    told = " ".join(words.casefold().split())
    for stream in story.streams:
        for item in stream.raw_data:
            value = item.get("value")
            text = value.get("text", "") if isinstance(value, dict) else ""
            out = f"block:{item.get('id')}" in story.redacted_parts
            if out and told in " ".join(str(text).casefold().split()):
                return None
    return story.card()


@register.simple_tag
def stories_for(
    condition: Condition | None, treatment: Treatment | None = None, number: int = 3
) -> list[Card]:
    """Return cards of stories about a condition or one below it, and that treatment, one below it, or none
    named.

    Never only the good outcomes: the newest story of each outcome comes before a second story of any outcome.
    """
    taken: Counter[str] = Counter()
    ranked = []
    for place, (pk, outcome) in enumerate(stories_of(condition, treatment).values_list("pk", "outcome")):
        ranked.append((taken[outcome], place, pk))
        taken[outcome] += 1
    chosen = [pk for _round, _place, pk in sorted(ranked)[:number]]
    return cards_of(story_cards().filter(pk__in=chosen)) if chosen else []


@register.simple_tag
def story_count_for(condition: Condition | None, treatment: Treatment | None = None) -> int:
    return stories_of(condition, treatment).count()


@register.simple_tag
def story_mix_for(condition: Condition | None, treatment: Treatment | None = None) -> dict[str, int]:
    """Count the outcomes of the stories of a condition and treatment, for `{% outcome_mix %}`."""
    return dict(Counter(stories_of(condition, treatment).order_by().values_list("outcome", flat=True)))


@register.simple_tag
def stories_url(condition: Condition | None = None, treatment: Treatment | None = None) -> str:
    """Return the address of the story index, filtered by a condition and a treatment."""
    pairs = [f"condition={condition.slug}"] if condition else []
    return index_url("&".join([*pairs, f"treatment={treatment.slug}"] if treatment else pairs))


@register.simple_tag
def featured_video_for(condition: Condition | None, treatment: Treatment | None = None) -> VideoPage | None:
    """Return the featured video of a condition and treatment, else the newest; None without videos."""
    video: VideoPage | None = videos_of(condition, treatment).first()
    return video


@register.simple_tag
def condition_index(number: int = 12) -> list[tuple[str, str, int]]:
    """Return (address in the story index, name, number of stories and videos) of conditions that have any.

    Only the widest conditions that pages are tagged with themselves: 'Cerebral palsy', but not the group
    above it in the vocabulary. The `number` conditions with most pages, in alphabetical order.
    """
    read = read_rows()
    url = index_url()
    if not url:
        return []
    counts = Counter(path for row in read.rows for path in row.conditions)
    carried = {path for row in read.rows for path in narrowest(row.conditions)}
    widest = [
        path for path in carried if not any(path != other and path.startswith(other) for other in carried)
    ]
    most = sorted(widest, key=lambda path: (-counts[path], path))[:number]
    entries = [
        (f"{url}?condition={read.conditions[path].slug}", read.conditions[path].name, counts[path])
        for path in most
    ]
    return sorted(entries, key=lambda entry: entry[1].casefold())


def narrowest(paths: Iterable[str]) -> set[str]:
    """Return those of a page's tree paths (with their ancestors) that have no other path below them."""
    known = set(paths)
    return {path for path in known if not any(other != path and other.startswith(path) for other in known)}


# One page -------------------------------------------------------------------------------------------------


@register.simple_tag
def surroundings(page: StoryPage | VideoPage, audio: StoryAudio | str = "") -> Surroundings:
    """Return what stands around a story or video. `audio`: that of a draft, where the view gave it.

    Read once for each page object: the head of the page asks first, so that one query finds all pictures.
    """
    around: Surroundings | None = page.__dict__.get("_surroundings")
    if around is None:
        around = surroundings_of(page, audio if isinstance(audio, StoryAudio) else None)
        page.__dict__["_surroundings"] = around
    return around


register.simple_tag(page_facts.glance)
register.simple_tag(page_facts.about_video)
register.simple_tag(page_facts.provenance, takes_context=True)
register.simple_tag(page_facts.video_provenance, takes_context=True)
register.simple_tag(page_facts.story_contents)


@register.filter
def told_by(page: StoryPage) -> str:
    """Return 'Told by Marta and Ines.', or the relation to the patient where there is no name."""
    if page.teller_name:
        return _("Told by %(who)s.") % {"who": page.teller_name}
    return _("Told by: %(who)s.") % {"who": str(page.get_relation_display()).lower()}


@register.filter
def origin_words(page: StoryPage) -> str:
    return _("Written from an interview.") if page.origin == Origin.COMPILED else ""


@register.filter
def minutes_to_read(page: StoryPage) -> str:
    return minutes_words(page.reading_minutes)


@register.filter
def opens_quote(title: str) -> bool:
    """Whether a title begins with a quotation mark, which is then set in the margin."""
    return title[:1] in "“„«\"‘'"
