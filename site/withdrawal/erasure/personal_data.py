"""Everything recorded about one person, found by following the database's own relations.

Export and erasure both start here, so that they cannot disagree. A model that is added later and belongs to a
person's page, interview or record is found without being named anywhere. Where no relation leads (an
interview they speak in), an app adds a finder in its module `personal_data`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import CASCADE, DO_NOTHING, PROTECT, Model
from wagtail.models import Page, PageLogEntry, ReferenceIndex

from consent.models import Depiction, Person
from publication.drafts import readable
from publication.mixins import about_person_models

Key = tuple[str, str]  # model label and key
AT_ONCE = 500

# `finder(person, pages) -> rows`: where to start, in addition to the person and the pages about them.
root_finders: list[Callable[[Person, list[Any]], Iterable[Model]]] = []

# Relations to rows of other people. The person's part in them is recorded in rows of their own.
OTHERS_OWN = {"guards", "signed_for_others"}
# Indexes, which repeat the words of other rows: erased with those; the export only counts them.
DERIVED = {"wagtailcore.ReferenceIndex", "wagtailsearch.IndexEntry", "wagtailsearch.SQLiteFTSIndexEntry"}
DERIVED |= {"mentions.PageWords"}
# Rows that stay after an erasure, without anything personal: they prove that consent was given and withdrawn.
KEPT_RECORDS = {"consent.Person", "consent.Consent", "withdrawal.Withdrawal", "withdrawal.TakedownStep"}


def collect(person: Person) -> dict[Key, Model]:
    """Return every row about the person, in the order in which it was found.

    Queries by model, not row by row.
    """
    found: dict[Key, Model] = {}
    wave = list(roots(person))
    while wave:
        new: dict[type[Model], dict[Any, Model]] = {}
        for row in wave:
            if key_of(row) not in found:
                found[key_of(row)] = row
                new.setdefault(type(row), {})[row.pk] = row
        wave = [
            row
            for model, rows in new.items()
            for row in (*dependent_rows(model, list(rows)), *generic_rows(model, list(rows)))
        ]
    return found


def key_of(row: Model) -> Key:
    return row._meta.label, str(row.pk)


def roots(person: Person) -> Iterator[Model]:
    """Yield the person, the pages about them with their aliases, and the rows that other apps add."""
    yield person
    pages = pages_about(person)
    yield from pages
    yield from media_of(person, pages)
    for finder in root_finders:
        yield from finder(person, pages)


def pages_about(person: Person) -> list[Any]:
    """Return every page about the person, including drafts and aliases, as instances of their own models."""
    numbers: set[int] = set()
    for model in about_person_models():
        if any(field.name == "person" for field in model._meta.get_fields()):
            numbers |= set(model._default_manager.filter(person=person).values_list("pk", flat=True))
    numbers |= set(Page.objects.filter(alias_of__in=numbers).values_list("pk", flat=True))
    return list(Page.objects.filter(pk__in=numbers).order_by("path").specific())


def media_of(person: Person, pages: list[Page]) -> Iterator[Model]:
    """Yield pictures, recordings and documents that show the person, or that only their pages ever used."""
    seen: set[Key] = set()
    for media in (*depictions_of(person), *media_used_only_on(pages)):
        if key_of(media) not in seen:
            seen.add(key_of(media))
            yield media


def depictions_of(person: Person) -> Iterator[Model]:
    """Yield the pictures and recordings in which the person is seen or heard."""
    for depiction in Depiction.objects.filter(person=person).select_related("picture", "recording"):
        media = depiction.picture or depiction.recording
        if media is not None:
            yield media


def media_used_only_on(pages: list[Page]) -> Iterator[Model]:
    """Yield the pictures, recordings and documents that these pages, or their drafts, use and no other page
    does."""
    page_type = ContentType.objects.get_for_model(Page)
    own = [str(page.pk) for page in pages]
    for label in ("media.Picture", "media.Recording", "media.Document"):
        model = apps.get_model(label)
        kind = ContentType.objects.get_for_model(model)
        references = ReferenceIndex.objects.filter(to_content_type=kind)
        here = references.filter(base_content_type=page_type, object_id__in=own)
        numbers = set(here.values_list("to_object_id", flat=True)) | _in_revisions(model, pages)
        elsewhere = set(
            references.filter(to_object_id__in=numbers)
            .exclude(base_content_type=page_type, object_id__in=own)
            .values_list("to_object_id", flat=True)
        )
        yield from model._default_manager.filter(pk__in=numbers - elsewhere)


def _in_revisions(model: type[Model], pages: list[Page]) -> set[str]:
    """Return the keys of a model's rows that any draft of the pages refers to: an editor may have removed
    them since."""
    kind = ContentType.objects.get_for_model(model)
    found: set[str] = set()
    for page in pages:
        for version in filter(None, map(readable, page.revisions.all())):
            references = ReferenceIndex._extract_references_from_object(version)
            found |= {str(number) for to_type, number, _model, _path in references if to_type == kind.pk}
    return found


def dependent_rows(model: type[Model], keys: list[Any]) -> Iterator[Model]:
    """Yield the rows that point at rows of a model and are deleted with them, such as children and
    answers."""
    relations: list[Any] = model._meta.get_fields(include_hidden=True)
    for relation in filter(_is_dependency, relations):
        for some in batched(keys, AT_ONCE):
            for row in relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": some}):
                yield row.specific if isinstance(row, Page) else row


def _is_dependency(relation: Any) -> bool:
    """Return True for a reverse relation whose rows go with the row they point at."""
    if not relation.auto_created or relation.concrete or not (relation.one_to_many or relation.one_to_one):
        return False
    if getattr(relation.field.remote_field, "parent_link", False):
        return False
    if relation.get_accessor_name() in OTHERS_OWN:
        return False
    # A page that merely uses a picture is not about the person in it.
    if issubclass(relation.related_model, Page) and relation.field.name != "alias_of":
        return False
    return relation.on_delete in {CASCADE, PROTECT, DO_NOTHING}


def generic_rows(model: type[Model], keys: list[Any]) -> Iterator[Model]:
    """Yield the rows that name rows of a model by type and key: drafts, log entries, workflow states, tags,
    indexes."""
    kinds = [ContentType.objects.get_for_model(one) for one in (model, *model._meta.get_parent_list())]
    for naming in apps.get_models():
        names = {field.name for field in naming._meta.get_fields()}
        if {"object_id", "content_type"} <= names:
            for some in batched(keys, AT_ONCE):
                yield from naming._base_manager.filter(content_type__in=kinds, object_id__in=map(str, some))
    if issubclass(model, Page):
        for some in batched(keys, AT_ONCE):
            yield from PageLogEntry.objects.filter(page__in=some)


def batched(keys: list[Any], size: int) -> Iterator[list[Any]]:
    for start in range(0, len(keys), size):
        yield keys[start : start + size]
