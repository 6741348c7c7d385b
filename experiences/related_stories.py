"""Chooses, stores and reads the stories that are shown with a story or video.

Chosen from the index of public stories when a page is published or unpublished, stored, and only read when a
page is shown. What is no longer public is left out at once, when it is read; then one of the stored ones
that are left takes its place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from wagtail.models import Page

from changes import log
from changes.recorder import depends_on, is_recording, valid_until
from experiences.models import RelatedStory, StoryPage, VideoPage
from experiences.public_index import public_index
from experiences.querysets import story_cards
from experiences.related import ELSEWHERE, NOT_KNOWN, SAME_BRANCH, SAME_CONDITION, Candidate, choose
from experiences.rows import ExperienceRow
from pages.listed import Listed
from queries.prepared import Prepared

# Stored of the nearest stories, and of those with another outcome: with the three shown, five may be
# unpublished.
NEAREST, OTHERWISE = 6, 2
# How many pages near a published or unpublished one choose again at once. `refresh` does the others.
AT_ONCE = 12

Stored = tuple[int, int, bool]  # other, nearness, same_treatment


def key_of(page: int) -> str:
    """Return the key of the log of changes for the related stories of a page."""
    return f"experiences.related:{page}"


# Reading ------------------------------------------------------------------------------------------------


def related_to(page: StoryPage | VideoPage, number: int = 3) -> list[tuple[StoryPage, str]]:
    """Return stories to read after `page`, each with the reason. One query, one more for kept pages.

    The first has a different outcome, if there is such a story. What is rendered with them is made again when
    one of the stored stories changes, also one that is not public now, but not for any other story.
    """
    if page.pk is None:
        return []
    _note_stored(page.pk)
    own = Candidate(page, page.outcome, SAME_CONDITION, True, page.age_at_treatment, page.followed_months)
    candidates = [
        Candidate(
            story, story.outcome, story.nearness, story.same_treatment, story.age_at_treatment,
            story.followed_months,
        )
        for story in _stored_for(page=page.pk, on=timezone.now())
    ]  # fmt: skip
    return [(candidate.page, why) for candidate, why in choose(own, candidates, number)]


def _note_stored(page: int) -> None:
    """Note all stories stored for a page, also those that are not public now: no other story changes it."""
    if not is_recording():
        return
    for other, changes_at in _stored_with_changes(page=page):
        depends_on(f"page:{other}")
        valid_until(changes_at)
    depends_on(key_of(page))


_stored_with_changes = Prepared(
    lambda page: RelatedStory.objects.filter(page=page).values_list("other", "other__clearance__changes_at")
)


def _cards_stored_for(page: int, on: datetime) -> QuerySet[StoryPage]:
    return (
        story_cards(on, named=True)
        .filter(related_to__page=page)
        .annotate(nearness=F("related_to__nearness"), same_treatment=F("related_to__same_treatment"))
        .order_by("related_to__position")
    )


_stored_for = Prepared(_cards_stored_for)


# Choosing -----------------------------------------------------------------------------------------------


def nearest(listed: Listed[ExperienceRow], own: ExperienceRow) -> list[Stored]:
    """Return the stories to store for a page: the nearest, and the nearest that ended otherwise.

    Nearer is: the same condition, or one above or below it, before the same branch of the tree before any
    other; then the same treatment, or one below it; then the newer.
    """
    index = listed.index
    stories = index.having("kind", ["story"]) & ~index.only(own.pk)
    lineages = [listed.conditions.lineages.get(tag, ()) for tag in own.conditions]
    same = index.having("condition", {line[-1] for line in lineages if line})
    same |= index.having("tagged", {slug for line in lineages for slug in line[1:]})
    branch = same | index.having("condition", {line[0] for line in lineages if line})
    treated = index.having("treatment", _last(listed.treatments.lineages, own.treatments))
    parts = []
    left = stories
    for near in (same, branch, left):
        for group in (near & treated, near):
            parts.append(left & group)
            left &= ~group
    ends_so = index.having("outcome", [own.outcome])
    not_known = index.having("outcome", [NOT_KNOWN])
    found = _first(index, parts, NEAREST)
    for among in (~ends_so & ~not_known, ~ends_so):
        found += _first(index, [part & among for part in parts], OTHERWISE)
    stored: dict[int, Stored] = {}
    for place, row in sorted(found, key=lambda pair: pair[0]):
        nearness = (SAME_CONDITION, SAME_BRANCH, ELSEWHERE)[place // 2]
        stored.setdefault(row.pk, (row.pk, nearness, place % 2 == 0))
    return list(stored.values())


def _first(index: Any, parts: list[int], number: int) -> list[tuple[int, ExperienceRow]]:
    """Return the first rows of several parts, each with the place of its part."""
    found: list[tuple[int, ExperienceRow]] = []
    for place, part in enumerate(parts):
        if len(found) < number and part:
            rows = index.rows_of(part, "newest", 0, number - len(found))
            found += [(place, row) for row in rows]
    return found


def _last(lineages: Any, tags: Iterable[int]) -> set[str]:
    return {line[-1] for tag in tags if (line := lineages.get(tag))}


# Storing ------------------------------------------------------------------------------------------------


def page_changed(page: int) -> None:
    """Choose again for a page that is being published or unpublished, and for a few near it."""
    pages_changed([page])


def pages_changed(pages: Collection[int]) -> None:
    """Choose again for pages that are being published or unpublished, and for a few that show or may show
    each of them.
    """
    listed = public_index.with_pages(pages)
    again = set(pages)
    for own in filter(None, map(listed.index.get, pages)):
        again.update(other for other, _nearness, _same in nearest(listed, own))
    showing = RelatedStory.objects.order_by("chosen_at").values_list("page", flat=True)
    again.update(showing.filter(other__in=list(pages))[: AT_ONCE * len(pages)])
    _choose_again(listed, again)


def page_deleted(page: int) -> None:
    """Remove what names a page that was deleted in this transaction.

    Wagtail unpublishes a page before it deletes it, after Django has listed what is deleted with it: what is
    chosen in between names a page that is still there, and the database would refuse the deletion.
    """
    RelatedStory.objects.filter(Q(page=page) | Q(other=page)).delete()


def refresh(pages: Collection[int]) -> int:
    """Choose again for these pages. Return for how many something changed."""
    return _choose_again(public_index.current(), pages)


def longest_unchanged(number: int | None) -> list[int]:
    """Return the ids of the pages that have chosen longest ago."""
    firsts = RelatedStory.objects.filter(position=0).order_by("chosen_at")
    return list(firsts.values_list("page", flat=True)[:number])


def without_any() -> list[int]:
    """Return the ids of the public stories and videos for which no story is stored."""
    stored = set(RelatedStory.objects.filter(position=0).values_list("page", flat=True))
    return [row.pk for row in public_index.current().index if row.pk not in stored]


@transaction.atomic(savepoint=False)
def _choose_again(listed: Listed[ExperienceRow], pages: Collection[int]) -> int:
    now = timezone.now()
    numbers = sorted(set(pages))
    stored: dict[int, list[Stored]] = defaultdict(list)
    rows = RelatedStory.objects.filter(page__in=numbers).order_by("page", "position")
    for number, other, nearness, same in rows.values_list("page", "other", "nearness", "same_treatment"):
        stored[number].append((other, nearness, same))
    changed: dict[int, list[Stored]] = {}
    for number in numbers:
        own = listed.index.get(number)
        chosen = nearest(listed, own) if own else []
        if chosen != stored[number]:
            changed[number] = chosen
    _store(changed, now)
    unchanged = [number for number in numbers if number not in changed]
    RelatedStory.objects.filter(page__in=unchanged, position=0).update(chosen_at=now)
    return len(changed)


def _store(changed: dict[int, list[Stored]], now: datetime) -> None:
    RelatedStory.objects.filter(page__in=changed).delete()
    # The index may still have a page that was deleted a moment ago.
    named = {other for chosen in changed.values() for other, _nearness, _same in chosen} | changed.keys()
    there = set(Page.objects.filter(pk__in=named).order_by().values_list("pk", flat=True)) if named else set()
    RelatedStory.objects.bulk_create(
        [
            RelatedStory(
                page_id=number, position=place, other_id=other, nearness=nearness, same_treatment=same,
                chosen_at=now,
            )
            for number, chosen in changed.items()
            if number in there
            for place, (other, nearness, same) in enumerate(one for one in chosen if one[0] in there)
        ],
        batch_size=500,
    )  # fmt: skip
    log.record(*(key_of(number) for number in changed))
