"""Make many stories: what `manage.py make_stories` does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from wagtail.models import Page, Revision

from casestudies.care import CHECKLIST
from casestudies.models import CaseStudyPage, CaseVersion
from consent.models import Person
from demo.made import layout, materials, treatment_pages
from demo.made.interviews import CUES, EXCERPTS, Interviews
from demo.made.other_pages import OtherPages
from demo.made.pages import PageKeys, PageKind
from demo.made.search_entries import SearchEntries
from demo.made.stories import TAGS, Stories
from demo.made.tables import Tables, free_keys, reset_sequences
from demo.site_builder import review
from experiences.models import FollowUp, StoryPage, StoryTag, VideoPage
from interviews.models import Cue, Excerpt, Interview

# Stories written in one transaction.
AT_ONCE = 2000
FOLLOW_UPS = 3
Tell = Callable[[str], None]

CREDITS = {
    "interviewed_by": "An editor of this site",
    "edited_by": "An editor of this site",
    "checked_by": "A physiotherapist who is not employed by a partner",
    "told_because": "It was invented to measure the site with",
    "who_paid": "No one was paid",
}
SHARED = {**review(), "treatment_received": "", "outcome_text": ""}
STORY = {**SHARED, **CREDITS, "name_is_pseudonym": True, "teller_name": "The family", "relation": "parent"}
VIDEO = {**SHARED, **CREDITS, "name_is_pseudonym": True, "told_by": "The family", "cuts": "Nothing"}
NOT_TOLD = "Invented to measure the site with."
CASE = {
    **SHARED,
    "sex": "female",
    "keywords": "sample, measurement",
    "consent_statement": "The family gave written consent to publish.",
    "gap_reasons": {item.number: NOT_TOLD for item in CHECKLIST if item.excusable},
}
# Tables whose keys are written by us.
KEYED: list[type[Model]] = [Page, Person, Revision, FollowUp, StoryTag, Interview, Cue, Excerpt]


@dataclass(frozen=True)
class Made:
    """What one run did. `had`: stories of earlier runs."""

    had: int
    made: int
    seconds: float


def stories_made() -> int:
    """Return how many stories earlier runs made, counting those that an editor has deleted since."""
    last = StoryPage.objects.filter(slug__regex=r"^made-story-\d{6}$").order_by("-slug").first()
    return int(last.slug.rsplit("-", 1)[1]) + 1 if last else 0


def make_stories(number: int, tell: Tell = lambda _line: None) -> Made:
    """Make stories until there are `number` of them, and the videos and case studies that go with them."""
    begin = monotonic()
    had = stories_made()
    if had < number:
        tell("pictures, terms and lists")
        gathered = materials.gather()
        treatment_pages.make_treatment_pages(gathered)
        maker = Maker(gathered, had)
        for start in range(had, number, AT_ONCE):
            some = range(start, min(start + AT_ONCE, number))
            maker.make(some)
            done, passed = some.stop - had, monotonic() - begin
            tell(f"{some.stop:,} of {number:,} stories, {done / passed:.0f} a second")
        tell("counting the stories of treatment pages")
        treatment_pages.count_stories()
    analyse()
    return Made(had, max(0, number - had), monotonic() - begin)


def analyse() -> None:
    """Let the database measure its tables, as PostgreSQL does by itself after a while."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


class Maker:
    """Makes pages in batches, each in one transaction. `had`: how many stories there are."""

    def __init__(self, gathered: materials.Materials, had: int) -> None:
        place = layout.place_of_story(had)
        keys = PageKeys(*(free_keys(model, place) for model in (Page, Person, Revision)))
        kinds: dict[str, tuple[Any, Page, dict[str, Any]]] = {
            "story": (StoryPage, gathered.stories, STORY),
            "video": (VideoPage, gathered.videos, VIDEO),
            "case": (CaseStudyPage, gathered.cases, CASE),
        }
        self.kinds = {
            name: PageKind(name, model, parent, usual, keys=keys, form=gathered.form)
            for name, (model, parent, usual) in kinds.items()
        }
        self.entries = {name: SearchEntries(model) for name, (model, *_rest) in kinds.items()}
        self.entries["interview"] = SearchEntries(Interview)
        first_interview = -(-had // layout.STORIES_AN_INTERVIEW)
        self.interviews = Interviews(
            free_keys(Interview, first_interview),
            free_keys(Cue, first_interview, CUES),
            free_keys(Excerpt, first_interview, len(EXCERPTS)),
            self.entries["interview"],
        )
        self.stories = Stories(
            gathered, self.interviews, free_keys(FollowUp, had, FOLLOW_UPS), free_keys(StoryTag, had, TAGS)
        )
        self.others = OtherPages(gathered, self.stories.facts)
        self.keys = keys

    @transaction.atomic
    def make(self, numbers: range) -> None:
        """Make the stories of these numbers and what goes with them."""
        tables = Tables()
        for number in numbers:
            self._make_story(number, tables)
            if layout.has_video(number):
                self.kinds["video"].write(self.others.video(number), tables, self.entries["video"])
            if layout.has_case(number):
                self._make_case(number, tables)
        tables.write()
        for entries in self.entries.values():
            entries.write()
        for kind in self.kinds.values():
            kind.count_children()
        reset_sequences(KEYED)

    def _make_case(self, number: int, tables: Tables) -> None:
        page = self.others.case(number)
        pk = self.kinds["case"].write(page, tables, self.entries["case"])
        revision = self.keys.revisions.at(page.place)
        tables.add(CaseVersion, page_id=pk, revision_id=revision, number=1, published_at=page.published)

    def _make_story(self, number: int, tables: Tables) -> None:
        place = layout.place_of_story(number)
        page = self.stories.make(number, self.keys.pages.at(place))
        told = layout.has_interview(number)
        if told:
            page.parts.append(f"transcript:{self.interviews.key(number)}")
        pk = self.kinds["story"].write(page, tables, self.entries["story"])
        if told:
            self.interviews.write(page, pk, self.keys.people.at(place), tables)
