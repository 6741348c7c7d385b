"""Facts about a story or video for its page: at a glance, how it was made, and its disclosures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.template import Context
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from experiences.lists import Surroundings
from experiences.models import StoryInterview, StoryPage, VideoPage
from experiences.models.story import Origin
from experiences.wording import months_words
from treatments.disclosure_rows import consent_words, original_words, shared_rows

Facts = list[tuple[str, Any]]
# (term, value, which of D1 to D12 it answers or '').
Rows = list[tuple[str, Any, str]]


def glance(page: StoryPage) -> Facts:
    """Return the facts of 'At a glance': who, where, what, how long, outcome."""
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


def about_video(page: VideoPage) -> Facts:
    """Return the facts of 'About this video'. Unknown facts are shown as not stated."""
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
    """Return '92 % of the words quoted are as they were said. 2 passages are left out …'."""
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


def provenance(context: Context, page: StoryPage, interviews: Iterable[StoryInterview] | None = None) -> Rows:
    """Return how a story was made, and its disclosures (D2 to D12). Unknown facts are shown as not stated.

    `interviews`: those behind a published story's quotes (`experiences.story_audio.StoryAudio.records`).
    """
    not_stated = _("Not stated")
    rows: Rows = [(_("Told by"), page.teller_name or page.relation_name, "D10")]
    rows.append((_("Written"), Origin(page.origin).label, "D10"))
    records = list(interviews or ())
    if page.origin == Origin.COMPILED or page.interviewed_by or records:
        asked_by = page.interviewed_by or "; ".join(record.asked_by for record in records if record.asked_by)
        rows.append((_("Interviewed by"), asked_by or not_stated, "D10"))
    if years := sorted({str(record.held_in) for record in records if record.held_in}):
        rows.append((_("Interviewed in"), ", ".join(years), ""))
    exact = (
        own_words_line(page)
        if page.own_quotes
        else _("Not known: no quote has been compared with a recording.")
    )
    return [
        *rows,
        (_("Edited by"), page.edited_by or not_stated, "D10"),
        (_("Medical terms checked by"), page.checked_by or not_stated, "D10"),
        (_("In their own words"), exact, "D4"),
        *_disclosures(context, page),
    ]


def video_provenance(context: Context, page: VideoPage) -> Rows:
    """Return how a video was made, and its disclosures (D2 to D12)."""
    not_stated = _("Not stated")
    return [
        (_("Told by"), page.told_by or not_stated, "D10"),
        (_("Interviewed by"), page.interviewed_by or not_stated, "D10"),
        (_("Edited by"), page.edited_by or not_stated, "D10"),
        (_("Medical terms checked by"), page.checked_by or not_stated, "D10"),
        (_("Left out of the recording"), page.cuts or not_stated, "D4"),
        *_disclosures(context, page),
    ]


def _disclosures(context: Context, page: StoryPage | VideoPage) -> Rows:
    around: Surroundings | None = context.get("around")
    not_stated = _("Not stated")
    return [
        (_("Why it was told"), page.told_because or not_stated, "D9"),
        (_("Consent"), consent_words(page), "D9"),
        (_("Signed original"), original_words(page), "D6"),
        (_("Who paid"), page.who_paid or not_stated, "D3"),
        *shared_rows(page, around.cohort_page if around else None, context.get("site_menu")),
    ]


def story_contents(
    page: StoryPage, *, has_related: bool = False, has_conversation: bool = False
) -> list[tuple[str, str]]:
    """Return (id, text) of a story's headings."""
    entries = [(part.id, part.title) for part in page.parts]
    if page.timeline:
        entries.append(("follow-up", _("Follow-up, step by step")))
    entries.append(("everyone", _("How this compares")))
    if has_conversation:
        entries.append(("conversation1", _("The whole conversation")))
    entries.append(("made", _("How this story was made")))
    return [*entries, ("related", _("Related stories"))] if has_related else entries
