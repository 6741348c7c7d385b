"""Related stories: chosen when something is published, stored, and read by key."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from changes import log
from experiences import related_stories
from experiences.filters import row_values, story_sorts
from experiences.models import RelatedStory, StoryPage
from experiences.public_index import public_index
from experiences.related import ELSEWHERE, SAME_BRANCH, SAME_CONDITION, Candidate, choose
from experiences.related_stories import nearest, related_to
from experiences.rows import ExperienceRow
from pages.choices import Outcome
from pages.facet_index import FacetIndex
from pages.listed import Listed
from pages.term_places import ListedTerm, TermPlaces
from tests import factories as make
from tests.many_stories import make_many_stories

PATHS = ["0001", "00010001", "000100010001", "00010002", "0002", "00020001"]
CONDITIONS = TermPlaces(
    {path: ListedTerm(f"c{path}", path, len(path) // 4) for path in PATHS}, dict(enumerate(PATHS, start=1))
)
TREATMENTS = TermPlaces(
    {"0001": ListedTerm("t1", "", 1), "00010001": ListedTerm("t2", "", 2), "0002": ListedTerm("t3", "", 1)},
    {1: "0001", 2: "00010001", 3: "0002"},
)
rows = st.lists(
    st.builds(
        ExperienceRow,
        kind=st.sampled_from(["story", "story", "video"]),
        pk=st.integers(1, 500),
        outcome=st.sampled_from(Outcome.values),
        age=st.none(), country=st.just(""), has_audio=st.just(False), has_video=st.just(False),
        followed_months=st.none(),
        published=st.integers(0, 9).map(float),
        is_sample=st.just(False),
        conditions=st.sampled_from([(number,) for number in CONDITIONS.paths]),
        treatments=st.sampled_from([(), (1,), (2,), (3,)]),
    ),
    unique_by=lambda row: row.pk, min_size=1, max_size=40,
)  # fmt: skip


def said_plainly(own: ExperienceRow, others: list[ExperienceRow]) -> list[tuple[int, str]]:
    """The rule applied to all stories, the newest first."""
    (mine,) = (CONDITIONS.paths[tag] for tag in own.conditions)
    candidates = []
    for row in sorted(others, key=lambda row: (-(row.published or 0), -row.pk)):
        if row.kind != "story" or row.pk == own.pk:
            continue
        (path,) = (CONDITIONS.paths[tag] for tag in row.conditions)
        near = path.startswith(mine) or (len(path) > 4 and mine.startswith(path))
        nearness = SAME_CONDITION if near else SAME_BRANCH if path[:4] == mine[:4] else ELSEWHERE
        given_to = [TREATMENTS.paths[tag] for tag in own.treatments]
        treated = any(
            TREATMENTS.paths[tag].startswith(treatment) for tag in row.treatments for treatment in given_to
        )
        candidates.append(Candidate(row.pk, row.outcome, nearness, treated))
    chosen = choose(Candidate(own.pk, own.outcome, SAME_CONDITION, True), candidates)
    return [(candidate.page, why) for candidate, why in chosen]


@settings(max_examples=300)
@given(rows)
def test_the_few_that_are_stored_are_enough_for_the_rule(found: list[ExperienceRow]) -> None:
    index = FacetIndex(
        found,
        make=ExperienceRow._make,
        key_of=lambda row: row.pk,
        values=row_values(CONDITIONS, TREATMENTS),
        orders={sort.value: sort.key for sort in story_sorts()},
    )
    outcomes = {row.pk: row.outcome for row in found}
    own = found[0]
    stored = nearest(Listed(index, CONDITIONS, TREATMENTS), own)
    assert len(stored) <= related_stories.NEAREST + 2 * related_stories.OTHERWISE
    candidates = [Candidate(pk, outcomes[pk], near, same) for pk, near, same in stored]
    chosen = choose(Candidate(own.pk, own.outcome, SAME_CONDITION, True), candidates)
    assert [(candidate.page, why) for candidate, why in chosen] == said_plainly(own, found)


def shown(page: Any) -> list[str]:
    return [story.title for story, _why in related_to(StoryPage.objects.get(pk=page.pk))]


@pytest.mark.django_db
def test_a_new_story_is_found_by_those_near_it_and_leaves_when_it_is_unpublished(terms: Any) -> None:
    first = make.StoryPageFactory(title="First", conditions=[terms.palsy], outcome="good")
    for number in range(4):
        make.StoryPageFactory(title=f"Good {number}", conditions=[terms.palsy], outcome="good")
    assert shown(first) == ["Good 3", "Good 2", "Good 1"]
    worse = make.StoryPageFactory(title="Worse", conditions=[terms.diplegia], outcome="worse")
    assert shown(first) == ["Worse", "Good 3", "Good 2"]
    key = related_stories.key_of(first.pk)
    assert key in log.pending(connection)
    StoryPage.objects.get(pk=worse.pk).unpublish()
    assert shown(first) == ["Good 3", "Good 2", "Good 1"]
    assert not RelatedStory.objects.filter(other=worse.pk).exists()
    StoryPage.objects.get(pk=first.pk).delete()
    assert not RelatedStory.objects.filter(page=first.pk).exists()


@pytest.mark.django_db
def test_a_story_that_ends_otherwise_now_is_shown_for_that(terms: Any) -> None:
    first = make.StoryPageFactory(title="First", conditions=[terms.palsy], outcome="good")
    changed = make.StoryPageFactory(title="Changed", conditions=[terms.palsy], outcome="good")
    for number in range(9):
        make.StoryPageFactory(title=f"Good {number}", conditions=[terms.palsy], outcome="good")
    call_command("refresh_related", stdout=StringIO())
    assert "Changed" not in shown(first)
    page = StoryPage.objects.get(pk=changed.pk)
    page.outcome = "worse"
    page.save_revision().publish()
    call_command("refresh_related", stdout=StringIO())
    assert shown(first)[0] == "Changed"


@pytest.mark.django_db
def test_what_is_shown_stays_until_the_stored_rows_change(terms: Any) -> None:
    """A page that a cache keeps is the same as a fresh one."""
    first = make.StoryPageFactory(title="First", conditions=[terms.palsy])
    make.StoryPageFactory(title="Second", conditions=[terms.palsy])
    stored = list(RelatedStory.objects.values_list("page", "other"))
    before = shown(first)
    page = make.StoryPageFactory(title="Third", conditions=[terms.palsy], live=False)
    StoryPage.objects.filter(pk=page.pk).update(live=True)  # no one was told
    assert shown(first) == before
    assert list(RelatedStory.objects.values_list("page", "other")) == stored


@pytest.mark.django_db
def test_the_command_fills_what_is_missing_and_goes_on_with_the_oldest(terms: Any) -> None:
    pages = [make.StoryPageFactory(conditions=[terms.palsy]) for _ in range(5)]
    before = {pk: list(RelatedStory.objects.filter(page=pk).values_list("other", "position")) for pk in
              [page.pk for page in pages]}  # fmt: skip
    RelatedStory.objects.filter(page__in=[pages[0].pk, pages[1].pk]).delete()
    out = StringIO()
    call_command("refresh_related", missing=True, stdout=out)
    assert "2 pages; 2 changed" in out.getvalue()
    call_command("refresh_related", stdout=StringIO())
    everything = {row.pk for row in public_index.current().index}
    assert {page.pk for page in pages} == everything
    assert {len(rows) for rows in before.values()} == {4}
    assert RelatedStory.objects.filter(position=0).count() == 5
    out = StringIO()
    call_command("refresh_related", limit=2, stdout=out)
    assert "2 pages; 0 changed" in out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("count", [50, 1_000])
def test_publishing_costs_as_many_queries_with_any_number_of_stories(count: int) -> None:
    story = make_many_stories(count)
    public_index.current()
    with CaptureQueriesContext(connection) as captured:
        related_stories.page_changed(story.pk)
    assert len(captured.captured_queries) <= 16, [query["sql"] for query in captured.captured_queries]


@pytest.mark.django_db
def test_a_page_that_was_deleted_a_moment_ago_is_not_stored() -> None:
    """Another process deleted it, and this one's index does not know it yet."""
    condition = make.ConditionFactory()
    stays, goes = (
        make.StoryPageFactory(conditions=[condition], outcome=outcome) for outcome in ("good", "same")
    )
    listed, deleted = public_index.current(), goes.pk
    assert listed.index.get(deleted)
    goes.delete()
    related_stories._choose_again(listed, [stays.pk, deleted])
    assert not RelatedStory.objects.filter(page=deleted).exists()
    assert not RelatedStory.objects.filter(other=deleted).exists()
    connection.check_constraints()


@pytest.mark.django_db
@pytest.mark.parametrize("at_once", [False, True], ids=["one story", "all stories with their list"])
def test_nothing_is_stored_for_a_story_that_is_deleted(at_once: bool) -> None:
    """Deletion unpublishes first, and then the stories near it choose again while it is still there."""
    condition = make.ConditionFactory()
    stories = [make.StoryPageFactory(conditions=[condition], outcome="good") for _ in range(4)]
    # Out of date, so that each chooses again and is stored again.
    RelatedStory.objects.all().delete()
    (stories[0].get_parent() if at_once else stories[0]).delete()
    connection.check_constraints()
    left = set() if at_once else {story.pk for story in stories[1:]}
    assert set(RelatedStory.objects.values_list("page", flat=True)) <= left
    assert set(RelatedStory.objects.values_list("other", flat=True)) <= left
