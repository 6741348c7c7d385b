"""Stories and videos for templates: of this room, of treatment pages, of the front page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from conditions.models import Condition
from experiences.lists import StoryList, cards_of, story_list, video_list
from experiences.models import StoryIndexPage, StoryInterview, StoryPage, VideoPage
from experiences.models.story import Origin
from experiences.querysets import stories_for as stories_of
from experiences.querysets import story_cards
from experiences.querysets import videos_for as videos_of
from experiences.rows import read_rows
from experiences.wording import minutes_words, months_words
from pages.cards import Card
from pages.listing import Listing
from publication.visibility import visible_pages
from treatments.balance import balance_sentence
from treatments.disclosure_rows import consent_words, original_words, shared_rows
from treatments.matching import page_covering
from treatments.models import Treatment
from treatments.typical import typical_of

register = template.Library()
Facts = list[tuple[str, Any]]
# (term, value, which of D1 to D12 it answers or '').
Rows = list[tuple[str, Any, str]]


def _params(context: Context) -> dict[str, list[str]]:
    request = context.get("request")
    return dict(request.GET.lists()) if request else {}


def index_url(query: str = "") -> str:
    """The address of the story index, with a query string; '' where there is none."""
    index = visible_pages(StoryIndexPage.objects.all()).first()
    url = index.url if index else ""
    return f"{url}?{query}" if url and query else url or ""


# Lists ----------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def stories_asked_for(context: Context) -> StoryList:
    """The story index as the query string asks for it."""
    return story_list(_params(context))


@register.simple_tag(takes_context=True)
def balance_asked_for(context: Context) -> str:
    """How the stories of the one condition asked for ended, beside everybody followed up (D7); '' without just one."""
    # Whatever else may stand in an address, a NUL is no question to PostgreSQL.
    asked = [slug for slug in _params(context).get("condition", []) if "\0" not in slug]
    condition = Condition.objects.filter(slug=asked[0]).first() if len(asked) == 1 else None
    page = page_covering([condition.path], []) if condition else None
    return balance_sentence(page.story_counts, typical_of(page)) if page else ""


@register.simple_tag(takes_context=True)
def videos_asked_for(context: Context) -> tuple[Listing[Any], list[Card]]:
    """The listing and the cards of the video index."""
    return video_list(_params(context))


@register.simple_tag
def latest_stories(number: int = 3, without: Page | None = None) -> list[Card]:
    """Cards of the newest stories, but for `without` (a page that is shown already)."""
    stories = story_cards()
    if without is not None:
        stories = stories.exclude(pk=without.pk)
    return cards_of(stories[:number])


@register.simple_tag
def lead_story(chosen: Page | None = None) -> Card | None:
    """The card of the story an editor chose, if it is live; else of the newest; None without any story."""
    stories = story_cards()
    story = (stories.filter(pk=chosen.pk).first() if chosen else None) or stories.first()
    return story.card() if story else None


@register.simple_tag
def told_in(chosen: Page | None, words: str) -> Card | None:
    """The card of the story that words on another page are quoted from; None where they may not stand there.

    That is where nobody says whose words they are, where the story is not public, and where its own quote of them is
    left out.
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
            out = f"block:{item.get('id')}" in story.withheld_parts
            if out and told in " ".join(str(text).casefold().split()):
                return None
    return story.card()


@register.simple_tag
def stories_for(
    condition: Condition | None, treatment: Treatment | None = None, number: int = 3
) -> list[Card]:
    """Cards of a condition's stories, and those below it; with the treatment, one below it, or none named.

    Never only the good ones: the first `number` hold the newest of each kind of ending before a second of any.
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
    """How the stories of a condition and treatment ended: what `{% outcome_mix %}` draws (D7)."""
    return dict(Counter(stories_of(condition, treatment).order_by().values_list("outcome", flat=True)))


@register.simple_tag
def stories_url(condition: Condition | None = None, treatment: Treatment | None = None) -> str:
    """The story index, narrowed to a condition and a treatment."""
    pairs = [f"condition={condition.slug}"] if condition else []
    return index_url("&".join([*pairs, f"treatment={treatment.slug}"] if treatment else pairs))


@register.simple_tag
def featured_video_for(condition: Condition | None, treatment: Treatment | None = None) -> VideoPage | None:
    """The featured video of a condition and treatment, else the newest; None without any."""
    video: VideoPage | None = videos_of(condition, treatment).first()
    return video


@register.simple_tag
def condition_index(number: int = 12) -> list[tuple[str, str, int]]:
    """Address in the story index, name and number of stories and videos of the conditions people tell of.

    Named is the widest condition that a page carries itself: 'Cerebral palsy' once there is a story of it, and not
    the group it hangs under in the vocabulary. Those with most come first, named alphabetically.
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
    """Of a page's paths in the tree, ancestors among them, those with nothing below."""
    known = set(paths)
    return {path for path in known if not any(other != path and other.startswith(path) for other in known)}


# One page -------------------------------------------------------------------------------------------------


@register.simple_tag
def glance(page: StoryPage) -> Facts:
    """'At a glance' of a story: who, where, what, how long, how it went."""
    named = page.named
    if page.age_text:
        named = _("%(who)s at treatment") % {"who": named}
    if page.name_is_pseudonym:
        named = _("%(who)s (not the real name)") % {"who": named}
    outcome = format_html('<span class="out {}">{}</span>', page.outcome, page.outcome_words)
    return [
        (_("Patient"), named),
        (_("Country"), page.country_name),
        (_("Condition"), page.condition_text),
        (_("Treatment"), page.treatment_text),
        (_("Followed for"), months_words(page.followed_months) or _("Not stated")),
        (_("What happened"), outcome),
    ]


@register.simple_tag
def about_video(page: VideoPage) -> Facts:
    """'About this video': what the seed tells of each, and what is not stated."""
    not_stated = _("Not stated")
    outcome = format_html('<span class="out {}">{}</span>', page.outcome, page.outcome_words)
    return [
        (_("First name"), page.patient_name),
        (_("Country"), page.country_name or not_stated),
        (_("Diagnosis"), page.condition_text or not_stated),
        (_("Age at time of treatment"), page.age_text or not_stated),
        (_("Treatment"), page.treatment_text or not_stated),
        (_("Told by"), page.told_by or not_stated),
        (_("What happened"), outcome),
        (_("Measured by a clinician?"), page.measured_by_clinician or not_stated),
        (_("Length of follow-up"), months_words(page.followed_months) or not_stated),
    ]


def own_words_line(page: StoryPage) -> str:
    """'92 % of the words quoted are as they were said. 2 passages are left out inside quotes, each shown as […].'"""
    share = _("%(share)s %% of the words quoted are as they were said.") % {"share": page.own_share or 0}
    left_out = page.own_omissions
    if not left_out:
        return f"{share} {_('Nothing is left out inside a quote.')}"
    omissions = ngettext(
        "%(n)s passage is left out inside quotes, shown as […].",
        "%(n)s passages are left out inside quotes, each shown as […].",
        left_out,
    )
    return f"{share} {omissions % {'n': left_out}}"


@register.simple_tag(takes_context=True)
def provenance(context: Context, page: StoryPage, interviews: Iterable[StoryInterview] | None = None) -> Rows:
    """How a story was made, and all that must stand beside it (D2 to D12). What nobody stated is said to be not stated.

    `interviews`: those behind a published story's quotes (`experiences.clips.Heard.records`).
    """
    not_stated = _("Not stated")
    rows: Rows = [(_("Told by"), page.teller_name or str(page.get_relation_display()), "D10")]
    rows.append((_("Written"), Origin(page.origin).label, "D10"))
    records = list(interviews or ())
    if page.origin == Origin.COMPILED or page.interviewed_by or records:
        asked_by = page.interviewed_by or "; ".join(one.asked_by for one in records if one.asked_by)
        rows.append((_("Interviewed by"), asked_by or not_stated, "D10"))
    if years := sorted({str(one.held_in) for one in records if one.held_in}):
        rows.append((_("Interviewed in"), ", ".join(years), ""))
    exact = (
        own_words_line(page)
        if page.own_quotes
        else _("Not known: no quote has been compared with a recording.")
    )
    return [
        *rows,
        (_("Edited by"), page.edited_by or not_stated, "D10"),
        (_("Medical words checked by"), page.checked_by or not_stated, "D10"),
        (_("In their own words"), exact, "D4"),
        *_beside(context, page),
    ]


@register.simple_tag(takes_context=True)
def video_provenance(context: Context, page: VideoPage) -> Rows:
    """How a video was made, and all that must stand beside it (D2 to D12)."""
    not_stated = _("Not stated")
    return [
        (_("Told by"), page.told_by or not_stated, "D10"),
        (_("Interviewed by"), page.interviewed_by or not_stated, "D10"),
        (_("Edited by"), page.edited_by or not_stated, "D10"),
        (_("Medical words checked by"), page.checked_by or not_stated, "D10"),
        (_("Left out of the recording"), page.cuts or not_stated, "D4"),
        *_beside(context, page),
    ]


def _beside(context: Context, page: StoryPage | VideoPage) -> Rows:
    not_stated = _("Not stated")
    return [
        (_("Why it was told"), page.told_because or not_stated, "D9"),
        (_("Consent"), consent_words(page), "D9"),
        (_("Signed original"), original_words(page), "D6"),
        (_("Who paid"), page.who_paid or not_stated, "D3"),
        *shared_rows(page, context.get("cohort_page"), context.get("site_menu")),
    ]


@register.simple_tag
def story_contents(
    page: StoryPage, *, has_related: bool = False, has_conversation: bool = False
) -> list[tuple[str, str]]:
    """(id, text) of a story's headings."""
    entries = [(part.id, part.title) for part in page.parts]
    if page.timeline:
        entries.append(("follow-up", _("Follow-up, step by step")))
    entries.append(("everyone", _("How this compares")))
    if has_conversation:
        entries.append(("conversation1", _("The whole conversation")))
    entries.append(("made", _("How this story was made")))
    return [*entries, ("related", _("Related stories"))] if has_related else entries


@register.filter
def told_by(page: StoryPage) -> str:
    """'Told by Marta and Ines.', or by whom in relation to the patient."""
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
    """Whether a title begins with a quotation mark, which then hangs in the margin."""
    return title[:1] in "“„«\"‘'"
