"""Template tags for stories and videos, also used on treatment pages and the home page."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.template import Context
from django.utils.translation import gettext as _
from wagtail.models import Page

from conditions.models import Condition
from experiences import page_facts
from experiences.found import Found, stories, videos
from experiences.lists import StoryList, Surroundings, cards_of, story_list, video_list
from experiences.lists import surroundings as surroundings_of
from experiences.models import StoryIndexPage, StoryPage, VideoPage
from experiences.models.story import Origin
from experiences.public_index import public_index
from experiences.rows import ExperienceRow
from experiences.story_audio import StoryAudio
from experiences.wording import minutes_words
from pages.cards import Card
from pages.listing import Listing
from publication.visibility import note_list, visible_pages
from queries.prepared import Prepared
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
    note_list(StoryIndexPage)
    index = next(iter(_story_indexes()), None)
    url = index.url if index else ""
    return f"{url}?{query}" if url and query else url or ""


_story_indexes = Prepared(
    lambda: visible_pages(StoryIndexPage.objects.all(), named=True).order_by("path")[:1]
)
_told = Prepared(lambda pk: StoryPage.objects.filter(pk=pk).select_related("clearance", "picture"))

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
def videos_asked_for(context: Context) -> tuple[Listing[ExperienceRow], list[Card]]:
    """Return the listing and the cards of the video index."""
    return video_list(_params(context))


@register.simple_tag
def latest_stories(number: int = 3, without: Page | None = None) -> list[Card]:
    """Return the cards of the newest stories, except `without` (a page that is shown already)."""
    newest = [pk for pk in Found().newest_stories(number + 1) if without is None or pk != without.pk]
    return cards_of(stories(newest[:number]))


@register.simple_tag
def lead_story(chosen: Page | None = None) -> Card | None:
    """Return the card of the story an editor chose, if it is public; else of the newest; None without
    stories.
    """
    story = next(iter(stories([chosen.pk])), None) if chosen else None
    story = story or next(iter(stories(Found().newest_stories(1))), None)
    return story.card() if story else None


@register.simple_tag
def told_in(chosen: Page | None, words: str) -> Card | None:
    """Return the card of the story that another page quotes; None if the words may not be shown.

    They may not be shown if no story is named, if the story is not public, or if its own quote of them is
    redacted.
    """
    story = next(iter(_told(pk=chosen.pk)), None) if chosen else None
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
    chosen = Found(condition, treatment).stories_of_each_outcome(number)
    return cards_of(stories(chosen)) if chosen else []


@register.simple_tag
def story_count_for(condition: Condition | None, treatment: Treatment | None = None) -> int:
    return Found(condition, treatment).story_count


@register.simple_tag
def story_mix_for(condition: Condition | None, treatment: Treatment | None = None) -> Mapping[str, int]:
    """Count the outcomes of the stories of a condition and treatment, for `{% outcome_mix %}`."""
    return Found(condition, treatment).outcomes


@register.simple_tag
def stories_url(condition: Condition | None = None, treatment: Treatment | None = None) -> str:
    """Return the address of the story index, filtered by a condition and a treatment."""
    pairs = [f"condition={condition.slug}"] if condition else []
    return index_url("&".join([*pairs, f"treatment={treatment.slug}"] if treatment else pairs))


@register.simple_tag
def featured_video_for(condition: Condition | None, treatment: Treatment | None = None) -> VideoPage | None:
    """Return the featured video of a condition and treatment, else the newest; None without videos."""
    chosen = Found(condition, treatment).first_video()
    return next(iter(videos([chosen])), None) if chosen else None


@register.simple_tag
def condition_index(number: int = 12) -> list[tuple[str, str, int]]:
    """Return (address in the story index, name, number of stories and videos) of conditions that have any.

    Only the widest conditions that pages are tagged with themselves: 'Cerebral palsy', but not the group
    above it in the vocabulary. The `number` conditions with most pages, in alphabetical order.
    """
    url = index_url()
    if not url:
        return []
    listed = public_index.current()
    counts, tagged = listed.index.totals("condition"), listed.index.totals("tagged")
    places = listed.conditions.places
    # In the order of the tree, what lies below a term follows it.
    widest: list[str] = []
    for path, term in places.items():
        if term.slug in tagged and not (widest and path.startswith(widest[-1])):
            widest.append(path)
    most = sorted(widest, key=lambda path: (-counts[places[path].slug], path))[:number]
    entries = [
        (f"{url}?condition={places[path].slug}", places[path].name, counts[places[path].slug])
        for path in most
    ]
    return sorted(entries, key=lambda entry: entry[1].casefold())


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
    return _("Told by: %(who)s.") % {"who": page.relation_name.lower()}


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
