"""Publishes imported drafts that qualify: the gate and the page's own `publish` decide about each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from wagtail.models import Revision

from experiences.models import StoryPage
from importing.models import ImportedStory
from publication import gate, together
from publication.checklist import State
from publication.checklist_lines import field_lines
from publication.models import PageDependency
from publication.picture_sizes import make_before_publication
from publication.reasons import Why
from publication.together import Draft

# So many pages are published in one transaction: their people are locked and their consents read at once. On
# SQLite no one else can write meanwhile, and an editor's save waits 20 seconds at most.
BATCH = 100


@dataclass(frozen=True)
class Candidate:
    """A draft and what speaks against publishing it: nothing, if it qualifies. `redacted`: parts left out."""

    page: int
    external_id: str
    title: str
    reasons: tuple[str, ...] = ()
    redacted: int = 0
    is_published: bool = False

    @property
    def qualifies(self) -> bool:
        return not self.reasons


def waiting(source: str = "") -> QuerySet[ImportedStory]:
    """Return the imported stories that have never been public: not one that was unpublished."""
    found = ImportedStory.objects.filter(page__live=False, page__first_published_at=None)
    return (found.filter(source=source) if source else found).order_by("pk")


def candidates(
    *, source: str = "", publish: bool = False, by: User | None = None,
    progress: Callable[[int], None] = lambda _done: None,
) -> Iterator[Candidate]:  # fmt: skip
    """Yield every imported draft that has never been public, and publish those that qualify if asked to.

    Each batch is one transaction: a run that is killed can be started again and goes on with the rest.
    """
    last = done = 0
    while batch := list(waiting(source).filter(pk__gt=last)[:BATCH]):
        last, done = batch[-1].pk, done + len(batch)
        if publish:
            _make_pictures(batch)
        yield from _batch(batch, publish=publish, by=by)
        progress(done)


def _make_pictures(batch: list[ImportedStory]) -> None:
    """Make the sizes of the pictures of what qualifies before anyone is locked: it takes a while."""
    numbers = [one.page_id for one in batch]
    shown = PageDependency.objects.filter(page__in=numbers, picture__isnull=False)
    illustrated = set(shown.values_list("page", flat=True))
    some = [one for one in batch if one.page_id in illustrated]
    revisions = Revision.objects.in_bulk(
        StoryPage.objects.filter(pk__in=illustrated).values_list("latest_revision", flat=True)
    )
    by_page = {int(revision.object_id): revision for revision in revisions.values()}
    for candidate in _batch(some, publish=False, by=None) if some else ():
        if candidate.qualifies:
            make_before_publication(by_page[candidate.page])


def _batch(batch: list[ImportedStory], *, publish: bool, by: User | None) -> list[Candidate]:
    numbers = [one.page_id for one in batch if one.page_id]
    with together.batch(StoryPage, numbers, lock=publish) as drafts:
        by_page = {draft.page.pk: draft for draft in drafts}
        found = {
            one.page_id: _candidate(one, by_page[one.page_id], publish=publish)
            for one in batch
            if one.page_id in by_page
        }
        if publish:
            ready = [draft for draft in drafts if found[draft.page.pk].qualifies]
            for number, refusal in together.publish(ready, by=by).items():
                candidate = found[number]
                assert candidate is not None
                if refusal is None:
                    found[number] = replace(candidate, is_published=True)
                else:
                    found[number] = replace(
                        candidate, reasons=_once(reason.text for reason in refusal.reasons), redacted=0
                    )
    return list(found.values())


def _candidate(imported: ImportedStory, draft: Draft, *, publish: bool) -> Candidate:
    page = draft.page
    if publish and not page.people_told_of():
        # Nothing else matters; the preview lists everything.
        return _result(imported, draft, [str(Why.NO_PERSON.label)])
    reasons = gate.all_reasons(page)
    against = [reason.text for reason in reasons if not reason.part]
    against += [line.title for line in field_lines(page) if line.state == State.STOPS]
    if imported.conflict_id:
        against.append(_("The archive has another version. Compare the two in the history of the page."))
    if page.locked:
        against.append(_("The page is locked."))
    if draft.is_in_workflow:
        against.append(_("The page is in a workflow."))
    return _result(imported, draft, against, len({reason.part for reason in reasons if reason.part}))


def _result(imported: ImportedStory, draft: Draft, against: list[str], redacted: int = 0) -> Candidate:
    """Return the candidate with these reasons against it, which may be none."""
    return Candidate(draft.page.pk, imported.external_id, draft.page.title, _once(against), redacted)


def _once(reasons: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reasons))
