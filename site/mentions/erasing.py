"""Removes a person who is erased from everything that others wrote: drafts, earlier versions and logs too."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Model
from wagtail.models import ModelLogEntry, Page, PageLogEntry, Revision, RevisionMixin

from consent.models import Person
from mentions import facts, names_again, places, quiet, stored_versions, terms, word_index
from mentions.candidates import all_pages, narrowed
from mentions.finding import Wanted
from mentions.matching import Matcher
from mentions.models import NameDecision, PersonName
from mentions.redacting import neutral, slug_words
from mentions.services import remove_mentions
from publication.drafts import readable
from publication.mixins import AboutPerson

logger = logging.getLogger(__name__)
ERASED = "—"
# Functions of other apps that remove the person from what they keep: `eraser(person, matcher)`, in the
# transaction.
erasers: list[Callable[[Person, Matcher], None]] = []


def erase_mentions(person: Person, _found: dict[Any, Model]) -> None:
    """Remove every certain mention of a person who is erased, from drafts, earlier versions and logs too.

    In the erasure's transaction, before the person's own rows are deleted.
    """
    wanted = Wanted(person.pk)
    names_again.remember(person.pk, names_again.rows_for(person))
    matcher = terms.matcher_of(person)
    if not matcher.is_empty:
        matcher = _erase_everywhere(person, matcher, wanted)
    for eraser in erasers:
        eraser(person, matcher)
    PersonName.objects.filter(person=person).delete()
    NameDecision.objects.filter(person=person).delete()


def _erase_everywhere(person: Person, matcher: Matcher, wanted: Wanted) -> Matcher:
    """Erase the mentions on pages, in what pages share and in logs. Return what was certain to be theirs."""
    own = terms.pages_about(person.pk)
    everything = (*all_pages(person.pk), *places.shared_things())
    candidates, matcher = narrowed(matcher, everything, own)
    matcher = facts.without_facts(matcher, candidates, own, person.created_at)
    remove_mentions(wanted=wanted)
    for holder in candidates:
        _erase_from(type(holder)._default_manager.get(pk=holder.pk), matcher, wanted)
    word_index.forget(holder.pk for holder in candidates if isinstance(holder, Page))
    deleted = {str(page.pk) for page in own}
    for model in {type(one) for one in everything}:
        if issubclass(model, RevisionMixin):
            numbers = set(map(str, model._default_manager.values_list("pk", flat=True))) - deleted
            for revision in _revisions(model, sorted(numbers)):
                _erase_from_revision(revision, matcher, wanted)
    _erase_from_logs(matcher)
    return matcher


def _erase_from(holder: Any, matcher: Matcher, wanted: Wanted) -> None:
    """Remove what is left of a person in an object, also where it is not public."""
    if isinstance(holder, Page):
        is_open = isinstance(holder, AboutPerson) or not holder.live
        reading = places.reading_of(holder, wanted.person, erasing=is_open)
        changed = quiet.clean(holder, matcher, wanted, reading)
        titled = _clean_draft_title(holder, matcher)
        if titled:
            Page.objects.filter(pk=holder.pk).update(draft_title=holder.draft_title)
        if changed.changes and not isinstance(holder, AboutPerson):
            holder.save(clean=False)
        elif changed.changes:
            quiet.write(type(holder), holder.pk, changed)
    else:
        changed = quiet.clean(holder, matcher, wanted)
        quiet.write(type(holder), holder.pk, changed)


def _clean_draft_title(page: Any, matcher: Matcher) -> bool:
    """Take the person's name out of the title that the admin shows for the newest draft."""
    is_named = any(hit.is_certain for hit in matcher.hits(page.draft_title))
    if is_named:
        page.draft_title = neutral(page.draft_title, matcher)
    return is_named


def _revisions(model: type[Any], numbers: list[str]) -> Iterator[Revision]:
    for start in range(0, len(numbers), 500):
        some = Revision.objects.filter(
            content_type__app_label=model._meta.app_label,
            content_type__model=model._meta.model_name,
            object_id__in=numbers[start : start + 500],
        )
        yield from some.order_by("pk").iterator(chunk_size=100)


def _erase_from_revision(revision: Revision, matcher: Matcher, wanted: Wanted) -> None:
    if not stored_versions.may_mention(revision, matcher):
        return
    page = readable(revision)
    if page is None:
        _erase_from_stored(revision, matcher)
        return
    # Wagtail reads these two from the page, so that the object does not show what the revision has stored.
    stored = f"{revision.content.get('draft_title')} · {slug_words(revision.content.get('url_path') or '')}"
    changed = any(hit.is_certain for hit in matcher.hits(stored)) and isinstance(page, Page)
    if narrowed(matcher, [page], [])[0]:
        reading = places.reading_of(page, wanted.person, erasing=True)
        changed = quiet.clean(page, matcher, wanted, reading).changes or changed
    if changed:
        label = neutral(revision.object_str, matcher)
        if isinstance(page, Page):
            _clean_draft_title(page, matcher)
            page.url_path = Page.objects.get(pk=page.pk).url_path
        Revision.objects.filter(pk=revision.pk).update(content=page.serializable_data(), object_str=label)


def _erase_from_stored(revision: Revision, matcher: Matcher) -> None:
    """Clean a version that this program cannot read in its JSON. It stays as it is without a mention."""
    number = revision.object_id
    path = Page.objects.filter(pk=number).values_list("url_path", flat=True).first() or ""
    addresses = {"slug": f"page-{number}", "url_path": path}
    left = stored_versions.cleaned(revision.content, matcher, addresses)
    label = stored_versions.cleaned(revision.object_str, matcher, {})
    if stored_versions.mentions(left, matcher):
        logger.warning("Revision %s mentions an erased person and cannot be cleaned: deleted.", revision.pk)
        revision.delete()
    elif left != revision.content or label != revision.object_str:
        Revision.objects.filter(pk=revision.pk).update(content=left, object_str=label)


def _erase_from_logs(matcher: Matcher) -> None:
    """Empty the labels of log entries that mention the person."""
    for model in (PageLogEntry, ModelLogEntry):
        entries = model._default_manager.values_list("pk", "label")
        gone = [
            number
            for number, label in entries.iterator()
            if any(hit.is_certain for hit in matcher.hits(label))
        ]
        for start in range(0, len(gone), 500):
            model._default_manager.filter(pk__in=gone[start : start + 500]).update(label=ERASED, data={})


__all__ = ["erase_mentions"]
