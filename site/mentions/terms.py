"""What is looked for to find a person on other pages: names, published words, and their pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from wagtail.fields import StreamField
from wagtail.models import Page

from consent.models import Guardianship, Person
from deidentification.identifier_rule import country_names
from deidentification.page_text import NO_TEXT, is_credit
from deidentification.passages import Passage, passages, unseen
from mentions.endings import PARTICLES, is_unspaced, joined
from mentions.matching import (
    OTHER_RUN,
    QUOTE_RUN,
    SHORTEST_NAME,
    SHORTEST_QUOTE,
    Matcher,
    Name,
    is_capital,
    runs,
    tokens,
    words_of,
)
from mentions.models import NameDecision
from mentions.record_names import lines_of_others
from mentions.stored_texts import interviews_ahead, words_carrying
from publication.drafts import readable
from publication.mixins import about_person_models
from queries import kept

# Fields with the names under which a page speaks of people, and fields with their own words.
NAME_FIELDS = ("patient_name", "teller_name")
WORD_FIELDS = frozenset({"field:told_because"})
# Words that other people's pages carry too were not given by one person. So many of them are compared.
COMPARED = 20
# Written with a capital letter at the start of 'Mother, at 12 months', and not a name.
RELATIONS = frozenset(
    {"mother", "father", "mum", "mom", "dad", "parent", "parents", "grandmother", "grandfather", "sister"}
    | {"brother", "aunt", "uncle", "husband", "wife", "son", "daughter", "carer", "guardian", "friend"}
    | {"partner", "patient", "child", "his", "her", "their", "the"}
)


def pages_about(person: int) -> list[Any]:
    """Return the pages about a person, public or not, without aliases."""
    found: list[Any] = []
    for model in about_person_models():
        if any(column.name == "person" for column in model._meta.get_fields()):
            found += model._default_manager.filter(person=person, alias_of=None).order_by("pk")
    return found


def paths_of(pages: Iterable[Page]) -> tuple[str, ...]:
    """Return the paths of pages that have one, never that of a site's root."""
    parts = (page.get_url_parts() for page in pages)
    return tuple(sorted({part[2] for part in parts if part and part[2] and part[2].strip("/")}))


def matcher_of(
    person: Person,
    *,
    names: bool = True,
    quotes: bool = True,
    links: Iterable[int] | None = None,
    files: Iterable[tuple[str, int]] = (),
) -> Matcher:
    """Return what to look for. `links`: the pages whose links count; all pages about the person by default.

    Names are sure here if no one else on record bears them; what else makes a name ambiguous depends on the
    pages that are searched (`without_ordinary`).
    """
    about = pages_about(person.pk)
    versions = [version for page in about for version in versions_of(page)]
    linked = about if links is None else list(Page.objects.filter(pk__in=list(links)))
    linked += list(Page.objects.filter(alias_of__in=[page.pk for page in linked]))
    found = Matcher(
        names=_names(person, versions) if names else [],
        pages=frozenset(page.pk for page in linked),
        paths=paths_of(linked),
        # Both uses are needed where a person was chosen (`attribution.rules.USES_OF_QUOTE`).
        person=person.pk if names or quotes else None,
        files=frozenset(files),
    )
    return _with_words(found, versions, [page.pk for page in about], person.pk) if quotes else found


def versions_of(page: Any) -> Iterator[Any]:
    """Yield a page as it is public, and its newest draft where there is one that can be read."""
    yield page
    if page.has_unpublished_changes and (draft := readable(page.latest_revision)) is not None:
        yield draft


# Names ------------------------------------------------------------------------------------------------------


def _names(person: Person, versions: list[Any]) -> list[Name]:
    guardians = list(Guardianship.objects.filter(person=person).values_list("guardian", flat=True))
    # Other pages speak of someone who has no page only where an editor said so.
    is_named = bool(versions) or NameDecision.objects.filter(person=person.pk).exists()
    shown = {words_of(person.display_name)} if is_named else set()
    for page in versions:
        shown |= names_shown(page, person.pk)
    shown = {words for words in shown if words and is_long_enough(words)}
    private: set[tuple[str, ...]] = set()
    for one in Person.objects.filter(pk__in=[person.pk, *guardians], erased_at=None):
        private |= _private(one.private_name)
        if one.pk != person.pk:
            private.add(words_of(one.display_name))
    taken = _names_of_others({person.pk, *guardians}, shown | private)
    names = {words: Name(words, is_sure=not _is_shared(words, taken)) for words in shown}
    for words in filter(None, private):
        # A part of a real name alone could be anyone's.
        sure = (len(words) > 1 or is_unspaced(words[0])) and not _is_shared(words, taken)
        names.setdefault(words, Name(words, sure))
    return sorted(names.values(), key=lambda name: name.words)


def names_of_own(page: Any, looked_for: set[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """Return the names that a page's own people bear, also as speakers of its quotes."""
    speakers = [_capitalised(str(quote.get("speaker") or "")) for quote in _quotes(page)]
    return own_names([*own_name_lines(page), *speakers], looked_for)


def own_name_lines(page: Any) -> list[set[tuple[str, ...]]]:
    """Return the names in each field of a page that says whose page it is."""
    lines = [str(getattr(page, field, "") or "") for field in NAME_FIELDS]
    return [names for line in dict.fromkeys(lines) if (names := _capitalised(line))]


def own_names(
    lines: Iterable[set[tuple[str, ...]]], looked_for: set[tuple[str, ...]]
) -> set[tuple[str, ...]]:
    """Return the names of a page's own people. A line with two of the names that are looked for ("Meera,
    Aarav’s mother") does not name one of them.
    """
    return {name for names in lines if len(names & looked_for) < 2 for name in names}


def names_shown(page: Any, person: int | None = None) -> set[tuple[str, ...]]:
    """Return the names under which a page speaks of its people, also as speakers of quotes.

    With `person`, not of quotes that an editor gave to someone else.
    """
    shown: set[tuple[str, ...]] = set()
    for field in NAME_FIELDS:
        shown |= _capitalised(str(getattr(page, field, "") or ""))
    for quote in _quotes(page):
        if not _is_someone_elses(quote, person):
            shown |= _capitalised(str(quote.get("speaker") or ""))
    return shown


def _capitalised(text: str) -> set[tuple[str, ...]]:
    """Return the names in a line such as 'Meera, Aarav’s mother'."""
    return {
        (token.word,)
        for token in tokens(text)
        if token.text[:1].isalpha()
        and is_capital(token.text)
        and is_long_enough((token.word,))
        and token.word not in RELATIONS
    }


def is_long_enough(words: tuple[str, ...]) -> bool:
    """Return whether a name is long enough to be looked for."""
    length = len("".join(words))
    return length >= SHORTEST_NAME or (length == SHORTEST_NAME - 1 and is_unspaced("".join(words)))


def written_as_name(name: str) -> tuple[str, ...]:
    """Return the words of a name that are written as names; none where it describes: 'Mother of two'."""
    words = [one for at, one in enumerate(tokens(joined(name))) if not at or one.word not in PARTICLES]
    names = [token.word for token in words if is_capital(token.text) and token.text[:1].isalpha()]
    is_name = len(names) == len(words) and RELATIONS.isdisjoint(names)
    return tuple(names) if is_name else ()


def _private(name: str) -> set[tuple[str, ...]]:
    """Return a real name and its parts, without words that are not written as names."""
    whole = tuple(token.word for token in tokens(name) if is_capital(token.text) and len(token.word) > 1)
    parts: set[tuple[str, ...]] = {(word,) for word in whole if is_long_enough((word,))}
    return {whole, whole[::-1], *parts} if len(whole) > 1 else parts


def _names_of_others(own: set[int], words: Iterable[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """Return the names of everyone else on record, whole and in parts, that share one of these words."""
    found: set[tuple[str, ...]] = set()
    for line in lines_of_others(own, words):
        words_in_line = words_of(line)
        found |= {words_in_line, *((word,) for word in words_in_line)}
    return found


def _is_shared(words: tuple[str, ...], taken: set[tuple[str, ...]]) -> bool:
    return words in taken or " ".join(words) in _countries()


def _countries() -> frozenset[str]:
    return frozenset(" ".join(words_of(name)) for name in country_names())


def without_ordinary(found: Matcher, ordinary: set[str]) -> Matcher:
    """Return the matcher with names that are also ordinary words ("Hope", "hope") no longer sure."""
    names = [
        replace(name, is_sure=name.is_sure and not (len(name.words) == 1 and name.words[0] in ordinary))
        for name in found.names
    ]
    return replace(found, names=names)


# Words ------------------------------------------------------------------------------------------------------


def _quotes(page: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the blocks with quotes as they are stored: no block is made into an object."""
    hidden = unseen(page)
    for column in page._meta.concrete_fields:
        if isinstance(column, StreamField) and column.name not in hidden:
            for item in getattr(page, column.name).raw_data:
                if "quote" in item["type"] and isinstance(value := item["value"], Mapping):
                    yield value


def _is_someone_elses(quote: Mapping[str, Any], person: int | None) -> bool:
    """Return whether an editor chose another person for a quote, or said why none is chosen."""
    if person is None:
        return False
    return bool(quote.get("unnamed_because")) or quote.get("said_by") not in (None, person)


def _with_words(found: Matcher, versions: list[Any], own: list[int], person: int) -> Matcher:
    known: dict[int, set[tuple[str, ...]]] = {QUOTE_RUN: set(), OTHER_RUN: set()}
    short: set[tuple[str, ...]] = set()
    for page in versions:
        for passage in _words(page):
            is_quote = "quote" in passage.kind and hasattr(passage.value, "get")
            if is_quote and _is_someone_elses(passage.value, person):
                continue
            if "quote" in passage.kind or passage.part in WORD_FIELDS:
                value = passage.value.get("text") if hasattr(passage.value, "get") else None
                words = words_of(str(value or passage.text))
                known[QUOTE_RUN] |= runs(words, QUOTE_RUN)
                if SHORTEST_QUOTE <= len(words) < QUOTE_RUN:
                    short.add(words)
            else:
                known[OTHER_RUN] |= runs(words_of(passage.text), OTHER_RUN)
    if any(known.values()):
        for text in _words_of_others(own, known):
            words = words_of(text)
            for length in known:
                known[length] -= runs(words, length)
    return replace(found, runs={length: some for length, some in known.items() if some}, short_quotes=short)


def _words(page: Any) -> Iterator[Passage]:
    """Yield what a person said on their own page: blocks and words published with it, not facts in fields."""
    for passage in (*passages(page), *page.passages_elsewhere()):
        is_said = not passage.part.startswith(("field:", "row:")) or passage.part in WORD_FIELDS
        if is_said and passage.kind not in NO_TEXT and not is_credit(page, passage):
            yield passage


def _words_of_others(own: list[int], known: Mapping[int, set[tuple[str, ...]]]) -> Iterator[str]:
    """Yield words on the newest pages of other people, of those blocks that carry one of the known runs.

    Making blocks into objects takes most of the time, so each is read as it is stored first.
    """
    some = set().union(*known.values())
    pages = newest_of_others(own)
    with kept.keeping():
        interviews_ahead(pages)
        for page in pages:
            yield from words_carrying(page, some, WORD_FIELDS)
            yield from (passage.text for passage in page.passages_elsewhere())


def newest_of_others(own: Iterable[int]) -> list[Any]:
    """Return the newest public pages of other people, so many as are compared."""
    others = Page.objects.filter(live=True, clearance__isnull=False, alias_of=None).exclude(pk__in=own)
    return list(others.order_by("-pk")[:COMPARED].specific())


__all__ = [
    "lines_of_others",
    "matcher_of",
    "names_shown",
    "newest_of_others",
    "pages_about",
    "paths_of",
    "versions_of",
    "without_ordinary",
    "written_as_name",
]
