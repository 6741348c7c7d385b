"""Compile an interview's excerpts into a draft story, and again after more was marked."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from experiences.compiling import facts as facts_
from experiences.compiling import story_state
from experiences.compiling.excerpts import wanted
from experiences.compiling.plan import apply, plan, ticked
from experiences.compiling.quotes import Change, Story, Wanted
from experiences.models import StoryIndexPage, StoryPage
from experiences.models.story import Origin
from interviews.models import Interview
from interviews.progress import refresh_state
from interviews.services import Refused


class StoryChanged(Exception):
    """The story or the excerpts changed since the list of changes was shown.

    `review`: the list as it is now.
    """

    def __init__(self, review: Review) -> None:
        super().__init__("The story or the excerpts changed since this list was made.")
        self.review = review


@dataclass(frozen=True)
class Review:
    """What compiling again would change in the latest draft. `seen` identifies this list for this draft."""

    page: StoryPage
    changes: list[Change]
    seen: str


@dataclass(frozen=True)
class CompileResult:
    """`applied`: changes made.

    `kept`: changes not made, because they were not accepted or go against the editor.
    """

    page: StoryPage
    created: bool
    applied: list[Change]
    kept: list[Change]


@dataclass(frozen=True)
class _Compiling:
    """All that the compilation of a story is computed from, read once."""

    page: StoryPage
    blocks: list[tuple[str, story_state.Raw]]
    story: Story
    wanted: list[Wanted]
    facts: dict[str, str]
    changes: list[Change]

    @property
    def seen(self) -> str:
        digest = hashlib.sha256(repr(self.changes).encode()).hexdigest()[:16]
        return f"{self.page.latest_revision_id}.{digest}"

    @property
    def review(self) -> Review:
        return Review(self.page, self.changes, self.seen)


def _read(interview: Interview, page: StoryPage, by: User | None) -> _Compiling:
    blocks = story_state.blocks_of(page)
    facts = facts_.facts_of(interview, by)
    excerpts = set(interview.excerpts.values_list("pk", flat=True))
    story = story_state.story_of(page, interview.pk, excerpts, blocks, facts_.current_facts(page, facts))
    asked = wanted(interview)
    return _Compiling(page, blocks, story, asked, facts, plan(story, asked, facts))


def draft_of(story: StoryPage) -> StoryPage:
    """Return the latest draft, or the page itself if there is none."""
    page: StoryPage = story.get_latest_revision_as_object()
    return page


def review(*, interview: Interview, by: User | None) -> Review | None:
    """Return what compiling again would change; None if there is no story yet."""
    return (
        None if interview.story is None else _read(interview, draft_of(interview.story.specific), by).review
    )


@transaction.atomic
def compile_story(
    *,
    interview: Interview,
    by: User | None,
    accepted: Collection[str] | None = None,
    seen: str | None = None,
) -> CompileResult:
    """Make a draft story from an interview's excerpts, or update its latest draft. Publish nothing.

    `accepted`: names of the changes to make; without it, all changes that do not go against an editor.
    `seen`: the list that they were chosen from. `by` is None for a system task, which may do what an editor
    may.

    Raises Refused with a sentence for the editor, StoryChanged if `seen` is out of date.
    """
    interview = Interview.objects.select_for_update(of=("self",)).get(pk=interview.pk)
    if interview.story is None:
        return _created(interview, by)
    _may_edit(interview.story, by)
    read = _read(interview, draft_of(interview.story.specific), by)
    if seen is not None and seen != read.seen:
        raise StoryChanged(read.review)
    names = ticked(read.changes) if accepted is None else set(accepted)
    made = apply(read.story, read.wanted, read.changes, names, read.facts)
    applied = [change for change in read.changes if change.name in names]
    # A change that no editor was asked about has not been decided: it is listed again the next time.
    decided = accepted is not None
    if applied or (decided and read.changes):
        if not decided:
            made = _undecided(read, made, names)
        story_state.write(read.page, interview.pk, made, read.blocks)
        facts_.apply_facts(
            read.page, {change.key: change.then for change in applied if change.kind == "fact"}
        )
        read.page.save_revision(user=by, log_action=True, changed=True, clean=False)
    refresh_state(interview)
    return CompileResult(
        read.page, False, applied, [change for change in read.changes if change.name not in names]
    )


def _undecided(read: _Compiling, made: Story, names: set[str]) -> Story:
    """Return `made`, but forget what was decided about changes that were not made: they are listed again."""
    left = [change for change in read.changes if change.name not in names]
    updates = {change.key for change in left if change.kind == "update"}
    facts = {change.key for change in left if change.kind == "fact"}
    before = {item.key: item.compiled for item in read.story.items}
    items = tuple(
        replace(item, compiled=before[item.key]) if item.key in updates else item for item in made.items
    )
    order = made.order
    if any(change.kind == "move" for change in left):
        known = {excerpt for excerpt, _part in read.story.order}
        order = (*read.story.order, *(place for place in made.order if place[0] not in known))
    # A removal is listed only while the quote is known to have been compiled.
    gone = [
        place for place in read.story.order if any(c.kind == "remove" and c.excerpt == place[0] for c in left)
    ]
    kept = {name: read.story.compiled_facts.get(name, "") for name in facts}
    return Story(
        items,
        (*order, *(place for place in gone if place not in order)),
        made.facts,
        {**made.compiled_facts, **kept},
    )


def _created(interview: Interview, by: User | None) -> CompileResult:
    parent = StoryIndexPage.objects.order_by("path").first()
    if parent is None:
        raise Refused("There is no stories index yet. Create one under the home page first.")
    if by is not None and not parent.permissions_for_user(by).can_add_subpage():
        raise Refused("You do not have permission to add stories. Ask an administrator.")
    page = StoryPage(
        # The interview's own title is private.
        title=f"Draft story from interview #{interview.pk}",
        live=False,
        origin=Origin.COMPILED,
        owner=by,
    )
    read = _read(interview, page, by)
    if not read.wanted:
        raise Refused("No words are marked yet. Mark some words as excerpts first.")
    changes = [change for change in read.changes if change.kind != "fact"]
    names = ticked(changes)
    made = apply(read.story, read.wanted, changes, names, read.facts)
    story_state.write(page, interview.pk, made, read.blocks)
    facts_.apply_facts(page, read.facts)
    parent.add_child(instance=page)
    page.save_revision(user=by, log_action=True, clean=False)
    interview.story = page
    interview.save(update_fields=["story", "updated_at"])
    refresh_state(interview)
    return CompileResult(page, True, changes, [])


def _may_edit(story: Any, by: User | None) -> None:
    if by is None:
        return
    permissions = story.permissions_for_user(by)
    if not permissions.can_edit():
        raise Refused("You do not have permission to change this story. Ask an administrator.")
    if permissions.page_locked():
        raise Refused("The story is locked. Ask the person who locked it, or wait until it is unlocked.")
