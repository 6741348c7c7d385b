"""Names of people who withdrew: kept as keyed hashes, and refused where an editor types them again.

A person who consents again may be named again. The message prints what the editor typed, and no more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page

from consent.models import Consent, Guardianship, Person
from consent.uses import Use
from mentions import name_decisions, terms
from mentions.candidates import strings_of
from mentions.endings import is_unspaced
from mentions.full_names import Known, Row, Typed, fact_rows, names_in, rows_of, title_in, title_rows
from mentions.matching import words_of
from mentions.models import WithdrawnName
from mentions.person_names import key
from mentions.stored_texts import plain_text
from publication import gate
from publication.admin_urls import edit_url
from publication.mixins import AboutPerson
from publication.public_content import bookkeeping, shown_file
from publication.reasons import Reason, Why, requirements_of
from publication.shown_files import references_of
from publication.stored_rows import rows_of as stored_rows_of
from queries.kept import Lookup

# So many first names of a family are combined.
MOST_TOGETHER = 8
# So many first names, each with so many facts, are remembered of a person.
MOST_FIRST_NAMES, MOST_FACTS = 3, 10


# Remembering ------------------------------------------------------------------------------------------------


def rows_for(person: Person) -> list[Row]:
    """Return what is stored of the names of a person and of those who signed for them, sorted.

    Names that someone else on record bears too are left out.
    """
    guardians = set(Guardianship.objects.filter(person=person).values_list("guardian", flat=True))
    own = Person.objects.filter(pk__in={person.pk, *guardians}, erased_at=None)
    names = {
        words
        for one in own
        for words in (terms.written_as_name(one.display_name), terms.written_as_name(one.private_name))
    }
    shown = {
        words[0]
        for page in terms.pages_about(person.pk)
        for words in (words_of(person.display_name), *terms.names_shown(page))
        if len(words) == 1 and not is_unspaced(words[0])
    }
    lines = terms.lines_of_others({person.pk, *guardians}, [*names, *((name,) for name in shown)])
    taken = {terms.written_as_name(line) for line in lines}
    others = {word for line in lines for word in words_of(line)}
    rows = rows_of(names - taken - {()}, sorted(shown)[:MOST_TOGETHER], key())
    return sorted(rows | _rows_of_facts(person, sorted(shown - others)))


def _rows_of_facts(person: Person, names: list[str]) -> set[Row]:
    """Return what is stored of the titles of a person's pages, and of the names with what else is known."""
    titles, facts = set(), set()
    for page in terms.pages_about(person.pk):
        titles.add(words_of(page.title))
        treatments = page.treatments.all() if hasattr(page, "treatments") else ()
        country = getattr(page, "country", None)
        told = [*(str(one) for one in treatments), str(country.name) if country else ""]
        facts |= {words_of(line) for line in told}
    whole = {title for title in titles if len(title) > 1}
    rows = fact_rows(names[:MOST_FIRST_NAMES], sorted(whole | facts)[:MOST_FACTS], key())
    return rows | title_rows(titles, key())


def remember(person_number: int, rows: Iterable[Row]) -> None:
    """Store the names of a person who withdrew, in the caller's transaction."""
    WithdrawnName.objects.bulk_create(
        [WithdrawnName(person_number=person_number, first=first, name=name) for first, name in rows],
        ignore_conflicts=True,
    )


def release(page: Page) -> int:
    """Forget the names that a page carries, because they mean someone else. Return how many hashes."""
    known, count = _all_known(), 0
    for text in texts_of(page):
        for typed in names_in(text, known):
            rows = WithdrawnName.objects.filter(person_number__in=typed.people)
            names = {name for _first, name in rows_of([typed.words], typed.words, known.key)}
            names |= {typed.mark} if typed.mark is not None else set()
            count += rows.filter(name__in=names).delete()[0]
    return count


# Recognising ------------------------------------------------------------------------------------------------


def _read(keys: Collection[str]) -> dict[str, Known]:
    rows = WithdrawnName.objects.values_list("first", "name", "person_number")
    return dict.fromkeys(keys, Known.of(rows, key()))


_known: Lookup[str, Known] = Lookup(_read, Known(b""))


def _all_known() -> Known:
    """Return every name that is stored: one query, kept while pages are published."""
    return _known.of("all")


def texts_of(page: Page) -> Iterator[str]:
    """Yield what visitors read of a page, and what is shown with its pictures and files."""
    yield from map(plain_text, strings_of(page, seen=True))
    numbers: dict[Any, set[int]] = {}
    for kind, number, _model_path, _path in references_of(page):
        model = ContentType.objects.get_for_id(kind).model_class()
        if model is not None and hasattr(model, "file"):
            numbers.setdefault(model, set()).add(int(number))
    for model, some in numbers.items():
        for file in stored_rows_of(model).of_all(sorted(some)).values():
            yield from shown_file(file)[2:] if file is not None else ()


def names_typed(texts: Iterable[str], *, own: Collection[int] = (), title: str | None = None) -> list[Typed]:
    """Return the names in texts of people who withdrew and have not consented again, but for `own`.

    With the `title` of a page, also what may mean someone else: a first name with something else that is
    known of the person, and the title of a page of theirs.
    """
    known = _all_known()
    if not known:
        return []
    found = {typed.text.casefold(): typed for text in texts for typed in names_in(text, known)}
    if title is None:
        found = {text: typed for text, typed in found.items() if typed.mark is None}
    else:
        found |= {typed.text.casefold(): typed for typed in title_in(title, known)}
    people = {number for typed in found.values() for number in typed.people} - set(own)
    people -= _who_may_be_named(people)
    return [typed for typed in found.values() if typed.people & people]


def _who_may_be_named(people: set[int]) -> set[int]:
    given = Consent.objects.in_force().filter(person__in=people, for_one_page=False).select_related("person")
    return {consent.person_id for consent in given if Use.TEXT in consent.uses} if people else set()


def message(typed: Typed) -> str:
    """Return what an editor is told."""
    if typed.mark is not None:
        text = _(
            "“%(name)s” may mean a person who withdrew their consent. Leave it out, or state that it means "
            "someone else."
        )
        return text % {"name": typed.text}
    return _(
        "“%(name)s” is the name of a person who withdrew their consent. Leave it out, or ask a consent "
        "officer if you mean someone else."
    ) % {"name": typed.text}


def rule(page: Any, _on: datetime) -> list[Reason]:
    """Return a reason for each name on a page of someone who withdrew. For `gate.rules`."""
    if not _all_known():
        return []
    own: set[int] = set()
    if isinstance(page, AboutPerson):
        own = {need.person for need in requirements_of(page) if need.person}
    found = _undecided(page, names_typed(texts_of(page), own=own, title=page.title))
    if found and own:
        # Someone else may bear the same name.
        theirs = Person.objects.filter(pk__in=own).values_list("display_name", "private_name")
        borne = {terms.written_as_name(line) for pair in theirs for line in pair}
        found = [typed for typed in found if typed.words not in borne]
    return [Reason(Why.WITHDRAWN_NAME, message(typed), _url_of(page, typed)) for typed in found]


def _url_of(page: Any, typed: Typed) -> str:
    number = name_decisions.page_number(page)
    if typed.mark is None or not number:
        return edit_url(page)
    return reverse("name_decision", args=[number, str(typed.mark)])


# Judging ----------------------------------------------------------------------------------------------------


def _undecided(page: Page, found: list[Typed]) -> list[Typed]:
    """Return these names without those of which an editor said whom they mean on this page."""
    marks = {typed.mark for typed in found if typed.mark is not None}
    decided = name_decisions.of_page(page, marks)
    return [typed for typed in found if typed.mark not in decided]


def is_judged(sender: type[Any], instance: Any, *, raw: bool, update_fields: Any) -> bool:
    """Return whether what is saved is a live page about no one whose content may change."""
    if raw or not issubclass(sender, Page) or sender is Page or isinstance(instance, AboutPerson):
        return False
    return bool(instance.live and (update_fields is None or set(update_fields) - bookkeeping()))


def plain_page_is_saved(
    sender: type[Any], instance: Any, raw: bool = False, update_fields: Any = None, **_rest: object
) -> None:
    """Raise NotPublic for a live page about no one that names someone who withdrew."""
    if not is_judged(sender, instance, raw=raw, update_fields=update_fields):
        return
    if reasons := rule(instance, datetime.now().astimezone()):
        raise gate.NotPublic(instance, reasons)


__all__ = [
    "message",
    "names_typed",
    "plain_page_is_saved",
    "release",
    "remember",
    "rows_for",
    "rule",
    "texts_of",
]
