"""Everything that is held about one person, found by following the database's own relations.

Export and erasure both start here, so that they cannot disagree. A model that is added later and belongs to a person's
page, interview or record is found without being named anywhere. What no relation leads to (an interview they speak in,
a picture they are seen in) a room names in its module `holdings`, as a finder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import CASCADE, DO_NOTHING, PROTECT, Model
from wagtail.models import Page, PageLogEntry, ReferenceIndex

from consent.models import Depiction, Person
from publication.mixins import about_person_models

Key = tuple[str, str]  # model label and key
AT_ONCE = 500

# `finder(person, pages) -> things`: roots beside the person and the pages about them.
finders: list[Callable[[Person, list[Any]], Iterable[Model]]] = []

# What names the person but is somebody else's: their part in it is the person's own row.
OTHERS_OWN = {"guards", "signed_for_others"}
# Rows that say that something points somewhere, or repeat the words of others: erased with them, given out as counts.
DERIVED = {"wagtailcore.ReferenceIndex", "wagtailsearch.IndexEntry", "wagtailsearch.SQLiteFTSIndexEntry"}
# An approval, a withdrawal or a consent is what shows that all went right; those rows stay, without anything personal.
RECORDS = {"consent.Person", "consent.Consent", "withdrawal.Withdrawal", "withdrawal.TakedownStep"}


def held(person: Person) -> dict[Key, Model]:
    """Every row about the person, in the order in which it was found. Asks by kind of row, not row by row."""
    found: dict[Key, Model] = {}
    wave = list(roots(person))
    while wave:
        new: dict[type[Model], dict[Any, Model]] = {}
        for thing in wave:
            if key_of(thing) not in found:
                found[key_of(thing)] = thing
                new.setdefault(type(thing), {})[thing.pk] = thing
        wave = [
            row
            for model, things in new.items()
            for row in (*belonging(model, list(things)), *generically(model, list(things)))
        ]
    return found


def key_of(thing: Model) -> Key:
    return thing._meta.label, str(thing.pk)


def roots(person: Person) -> Iterator[Model]:
    """The person, the pages about them with their aliases, and what the rooms' finders name."""
    yield person
    pages = pages_about(person)
    yield from pages
    yield from media_of(person, pages)
    for finder in finders:
        yield from finder(person, pages)


def pages_about(person: Person) -> list[Any]:
    """Every page about the person, drafts and aliases too, as what it is."""
    numbers: set[int] = set()
    for model in about_person_models():
        if any(field.name == "person" for field in model._meta.get_fields()):
            numbers |= set(model._default_manager.filter(person=person).values_list("pk", flat=True))
    numbers |= set(Page.objects.filter(alias_of__in=numbers).values_list("pk", flat=True))
    return list(Page.objects.filter(pk__in=numbers).order_by("path").specific())


def media_of(person: Person, pages: list[Any]) -> Iterator[Model]:
    """Pictures, recordings and documents they are seen or heard in, or that nothing but their pages ever used."""
    seen: set[Key] = set()
    for depiction in Depiction.objects.filter(person=person).select_related("picture", "recording"):
        thing = depiction.picture or depiction.recording
        if thing is not None and key_of(thing) not in seen:
            seen.add(key_of(thing))
            yield thing
    page_type = ContentType.objects.get_for_model(Page)
    mine = [str(page.pk) for page in pages]
    for label in ("media.Picture", "media.Recording", "media.Document"):
        model = apps.get_model(label)
        kind = ContentType.objects.get_for_model(model)
        references = ReferenceIndex.objects.filter(to_content_type=kind)
        here = references.filter(base_content_type=page_type, object_id__in=mine)
        numbers = set(here.values_list("to_object_id", flat=True)) | _in_revisions(model, pages)
        elsewhere = set(
            references.filter(to_object_id__in=numbers)
            .exclude(base_content_type=page_type, object_id__in=mine)
            .values_list("to_object_id", flat=True)
        )
        for thing in model._default_manager.filter(pk__in=numbers - elsewhere):
            if key_of(thing) not in seen:
                seen.add(key_of(thing))
                yield thing


def _in_revisions(model: type[Model], pages: list[Any]) -> set[str]:
    """The keys of things of a model that any draft of the pages refers to: an editor may have taken them out since."""
    kind = ContentType.objects.get_for_model(model)
    found: set[str] = set()
    for page in pages:
        for revision in page.revisions.all():
            references = ReferenceIndex._extract_references_from_object(revision.as_object())
            found |= {str(number) for to_type, number, _model, _path in references if to_type == kind.pk}
    return found


def belonging(model: type[Model], keys: list[Any]) -> Iterator[Model]:
    """The rows that point at things of a model and go with them: their children, their answers, their marks."""
    relations: list[Any] = model._meta.get_fields(include_hidden=True)
    for relation in relations:
        if (
            not relation.auto_created
            or relation.concrete
            or not (relation.one_to_many or relation.one_to_one)
        ):
            continue
        pointing, field = relation.related_model, relation.field
        if getattr(field.remote_field, "parent_link", False) or relation.get_accessor_name() in OTHERS_OWN:
            continue
        # A page stands for itself: that it uses a picture makes it nobody's.
        if issubclass(pointing, Page) and field.name != "alias_of":
            continue
        if relation.on_delete in (CASCADE, PROTECT, DO_NOTHING):
            for some in batched(keys, AT_ONCE):
                for row in pointing._base_manager.filter(**{f"{field.name}__in": some}):
                    yield row.specific if isinstance(row, Page) else row


def generically(model: type[Model], keys: list[Any]) -> Iterator[Model]:
    """The rows that name things of a model by type and key: drafts, log entries, workflow states, tags, index rows."""
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
