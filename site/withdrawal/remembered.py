"""Words that were withdrawn: the gate refuses them under anyone else's consent, and where no person is named.

What this does not catch is in docs/withdrawal.md.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from audit import trail
from audit.actors import Actor
from audit.trail import fingerprint
from consent.models import Consent, Person
from consent.uses import Use
from deidentification import page_text
from deidentification.passages import passages
from media.models import CaptionTrack
from mentions import candidates, names_again, places, terms
from mentions.full_names import Row
from mentions.matching import carries
from mentions.stored_texts import interviews_ahead, plain_text
from publication import gate
from publication.admin_urls import edit_url
from publication.mixins import AboutPerson
from publication.reasons import ConsentRequirement, Reason, Why
from queries import kept
from withdrawal import words
from withdrawal.models import WithdrawnWords
from withdrawal.surfaces.mentions import uses_left

AT_ONCE = 400
# Uses under which a person's words are published: consent for one of them lets the person publish again.
WORDS_USES = frozenset({Use.TEXT, Use.QUOTES, Use.FULL_TRANSCRIPT, Use.VOICE, Use.VIDEO})
# Of these, the uses whose words are captions.
HEARD = frozenset({Use.VOICE, Use.VIDEO})
# Between the fields of a block and the cells of a row, as `deidentification.passages` joins them.
FIELD_BREAK = " · "
WITHDRAWN = _(
    "This text was withdrawn by the person who gave it. It can be published again only with a new consent of "
    "that person."
)


def _key() -> bytes:
    return bytes.fromhex(fingerprint("withdrawn words"))


def texts_of(
    page: Page, parts: Iterable[str] | None = None, *, without: Container[str] = (), captions: bool = True
) -> list[str]:
    """Return the words that visitors read and hear on a page, or those of some parts of it.

    One text for each field, and for each field of a block: words that stand next to each other only because
    one field follows another are no one's.
    """
    wanted = None if parts is None else frozenset(parts)
    found = [*passages(page), *(page.passages_elsewhere() if isinstance(page, AboutPerson) else ())]
    if captions and isinstance(page, AboutPerson) and wanted is None:
        found += page_text.captions_of(page)
    # The words of a picture that a page shows are the picture's: other pages may show it too.
    not_said = page_text.NO_TEXT | {"ForeignKey"}
    return [
        text
        for passage in found
        if passage.kind not in not_said and (wanted is None or passage.part in wanted)
        if passage.part not in without
        for text in passage.text.split(FIELD_BREAK)
    ]


def _hashes(texts: Iterable[str], key: bytes) -> set[int]:
    return {number for text in texts for number in words.hashes(text, key)}


# Remembering ------------------------------------------------------------------------------------------------


def hashes_of(pages: Iterable[Any], redacted: dict[Any, frozenset[str]] | None = None) -> list[int]:
    """Return the hashes of the words of pages, published and drafted, and of the redacted parts of others.

    Words that stay public are left out, so call it after mentions of the person were removed.
    """
    key, pages = _key(), list(pages)
    own = [text for page in pages if not page.alias_of_id for text in _texts_of_versions(page)]
    own += [text for page, parts in (redacted or {}).items() for text in texts_of(page, parts)]
    found = _hashes(own, key)
    if found:
        found -= _common(found, own, [page.pk for page in (*pages, *(redacted or ()))], key)
    return words.bounded(found)


def _texts_of_versions(page: Any) -> Iterator[str]:
    for version in terms.versions_of(page):
        yield from texts_of(version)


def _common(found: set[int], texts: list[str], own: list[int], key: bytes) -> set[int]:
    """Return the hashes that others publish too: pages of other people, pages about no one, and what pages
    share. `texts`: those of the hashes.

    Each is first read as it is stored: reading it by its blocks, and hashing it, takes most of the time.
    """
    some = {run for text in texts for run in words.runs(text)}
    common: set[int] = set()
    pages = terms.newest_of_others(own)
    with kept.keeping():
        interviews_ahead(pages)
        for page in pages:
            elsewhere = [passage.text for passage in page.passages_elsewhere()]
            if _carries([*candidates.strings_of(page), *elsewhere], some):
                common |= found & _hashes(texts_of(page, captions=False), key)
    for page in candidates.public_pages():
        if _carries(candidates.strings_of(page), some):
            common |= found & _hashes(texts_of(page), key)
    for thing in places.shared_things():
        if not isinstance(thing, (*places.FILES, CaptionTrack)):
            strings = list(map(plain_text, candidates.strings_of(thing)))
            if _carries(strings, some):
                common |= found & _hashes(strings, key)
    return common


def _carries(texts: Iterable[str], some: set[tuple[str, ...]]) -> bool:
    """Return whether one of some runs of words stands in these stored texts."""
    return carries(tuple(words.plain_words(plain_text("\n".join(texts)))), some)


def remember(person: int, numbers: Iterable[int]) -> None:
    """Store hashes of words that a person withdrew, in the caller's transaction."""
    WithdrawnWords.objects.bulk_create(
        [WithdrawnWords(person_number=person, words=number) for number in numbers],
        ignore_conflicts=True,
        batch_size=AT_ONCE,
    )


def remember_scope(scope: Any) -> tuple[list[int], list[Row]]:
    """Remember what a withdrawal or the end of a consent makes private, after it was taken down: words, and
    the person's names where nothing allows the text any more. Return both, as they are stored.
    """
    numbers = hashes_of(scope.unpublished, dict(scope.redacted))
    remember(scope.person, numbers)
    left = uses_left(scope) if scope.uses_left is None else scope.uses_left
    names: list[Row] = []
    if Use.TEXT not in left and (scope.unpublished or scope.redacted):
        names = names_again.rows_for(Person.objects.get(pk=scope.person))
        names_again.remember(scope.person, names)
    return numbers, names


def release(*, page: Page, by: Actor, reason: str) -> int:
    """Forget the words and names of others on one page, because they are not theirs alone. Return how many
    hashes.

    Raises ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("Give the reason: it is kept in the audit trail.")
    numbers = _hashes(texts_of(page), _key())
    count = sum(
        WithdrawnWords.objects.filter(words__in=some).delete()[0] for some in _batched(sorted(numbers))
    )
    count += names_again.release(page)
    trail.record(by=by, action="words.released", thing=page, details={"hashes": count}, reason=reason)
    return count


# Recognising ------------------------------------------------------------------------------------------------


def _batched(numbers: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(numbers), AT_ONCE):
        yield numbers[start : start + AT_ONCE]


def people_whose_words(texts: Iterable[str]) -> set[int]:
    """Return the numbers of the people who withdrew words in these texts. One query while none are stored."""
    if not WithdrawnWords.objects.exists():
        return set()
    found: set[int] = set()
    for some in _batched(sorted(_hashes(texts, _key()))):
        stored = WithdrawnWords.objects.filter(words__in=some)
        found |= set(stored.values_list("person_number", flat=True).distinct())
    return found


def who_may_not_be_quoted(texts: Iterable[str]) -> set[int]:
    """Return who withdrew words in these texts and has not consented again to being quoted."""
    people = people_whose_words(texts)
    given = Consent.objects.in_force().filter(person__in=people, for_one_page=False)
    return people - {one.person_id for one in given.select_related("person") if Use.QUOTES in one.uses}


def rule(page: Any, _on: datetime) -> list[Reason]:
    """Return a reason if a page carries words withdrawn by someone whose consent it does not require.

    For `gate.rules`. With their consent they may publish the words again: then the gate asks for that.
    """
    if isinstance(page, AboutPerson):
        people = people_whose_words(texts_of(page))
        needs = [need for need in page.consent_requirements() if need.use in WORDS_USES] if people else []
        people = {person for person in people if _are_more(page, person, needs)}
    else:
        people = who_may_not_be_quoted(texts_of(page))
    return [Reason(Why.WORDS, str(WITHDRAWN), edit_url(page))] if people else []


def _are_more(page: Any, person: int, needs: list[ConsentRequirement]) -> bool:
    """Return whether a page carries words that a person withdrew, besides what it shows only with the
    person's consent: all of it, or some parts.
    """
    own = [need for need in needs if need.person == person]
    if not own or not all(need.part for need in own):
        return not own
    captions = HEARD.isdisjoint(need.use for need in own)
    left = texts_of(page, without={need.part for need in own}, captions=captions)
    return person in people_whose_words(left)


def plain_page_is_saved(
    sender: type[Any], instance: Any, raw: bool = False, update_fields: Any = None, **_rest: object
) -> None:
    """Raise NotPublic for a live page that is about no person that carries withdrawn words."""
    if not names_again.is_judged(sender, instance, raw=raw, update_fields=update_fields):
        return
    if reasons := rule(instance, datetime.now().astimezone()):
        raise gate.NotPublic(instance, reasons)
