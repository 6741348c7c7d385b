"""Compares and stores the rows of many pages at once, for `publication.together`."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from modelcluster.models import (
    get_all_child_m2m_relations,
    get_all_child_relations,
    get_serializable_data_for_fields,
)
from wagtail.models import COMMENTS_RELATION_NAME, Page, ReferenceIndex

from changes import log, tables
from media import publishing
from publication.models import Clearance, PageDependency
from publication.reasons import requirements_of
from publication.shown_files import Reference, references_of, shown_media
from queries import references

Content = Mapping[str, Any]


# Child tables -----------------------------------------------------------------------------------------------


def stored_children(model: type[Page], pages: Sequence[Page]) -> dict[int, dict[str, list[Any]]]:
    """Return by page what its child tables hold, as a revision would say it: one query for each table."""
    found: dict[int, dict[str, list[Any]]] = {page.pk: defaultdict(list) for page in pages}
    for relation in get_all_child_relations(model):
        name = relation.get_accessor_name()
        if name != COMMENTS_RELATION_NAME:
            owner = relation.field.attname
            rows = relation.related_model._default_manager.filter(**{f"{owner}__in": list(found)})
            for row in rows:
                found[getattr(row, owner)][name].append(get_serializable_data_for_fields(row))
    for field in get_all_child_m2m_relations(model):
        through = field.remote_field.through
        own, other = field.m2m_column_name(), field.m2m_reverse_name()
        links = through._default_manager.filter(**{f"{own}__in": list(found)}).order_by()
        for page, term in links.values_list(own, other):
            found[page][field.name].append(term)
    return found


def are_same(model: type[Page], content: Content, rows: Mapping[str, list[Any]]) -> bool:
    """Return whether the child tables hold what a revision says. Terms are in no order."""
    for relation in get_all_child_relations(model):
        name = relation.get_accessor_name()
        if name != COMMENTS_RELATION_NAME and _plain(content.get(name)) != _plain(rows.get(name)):
            return False
    return all(
        sorted(content.get(field.name) or ()) == sorted(rows.get(field.name) or ())
        for field in get_all_child_m2m_relations(model)
    )


def _plain(rows: Any) -> Any:
    return json.loads(json.dumps(rows or [], cls=DjangoJSONEncoder))


# Pages ------------------------------------------------------------------------------------------------------


def by_changed_fields(drafts: Iterable[Any], but_for: Collection[str]) -> dict[frozenset[str], list[Any]]:
    """Return drafts by the names of the fields that their revision changes."""
    found: defaultdict[frozenset[str], list[Any]] = defaultdict(list)
    for draft in drafts:
        names = frozenset(field.name for field in draft.changed_fields() if field.name not in but_for)
        if names:
            found[names].append(draft)
    return found


# What pages refer to ----------------------------------------------------------------------------------------


def shows_files(page: Page) -> bool:
    """Return whether a page in memory shows a picture, a recording or a document."""
    types = {ContentType.objects.get_for_model(model).pk for model in publishing.PUBLISHABLE_MODELS}
    return any(reference[0] in types for reference in references_of(page))


def store_references(pages: Sequence[Page]) -> None:
    """Bring Wagtail's index of references up to date: one query, and what has changed."""
    base = ReferenceIndex._get_base_content_type(pages[0])
    stored: defaultdict[str, set[Reference]] = defaultdict(set)
    rows = ReferenceIndex.objects.filter(
        base_content_type=base, object_id__in=[str(page.pk) for page in pages]
    )
    for number, *reference in rows.values_list(
        "object_id", "to_content_type", "to_object_id", "model_path", "content_path"
    ):
        stored[number].add((reference[0], reference[1], reference[2], reference[3]))
    new: dict[int, set[Reference]] = {}
    for page in pages:
        wanted = set(references_of(page))
        if stored[str(page.pk)] - wanted:
            with transaction.atomic(savepoint=False):
                ReferenceIndex.create_or_update_for_object(page)
            continue
        new[page.pk] = wanted - stored[str(page.pk)]
    references.add(type(pages[0]), new)


def store_dependencies(pages: Sequence[Page]) -> None:
    """Store on whom and on which files pages depend, as `sync_page_links` does for one."""
    stored: defaultdict[int, dict[tuple[str, int], int]] = defaultdict(dict)
    rows = PageDependency.objects.filter(page__in=[page.pk for page in pages])
    for row in rows.values("pk", "page", "person", "picture", "recording"):
        for kind in ("person", "picture", "recording"):
            if row[kind]:
                stored[row["page"]][kind, row[kind]] = row["pk"]
    outdated: list[int] = []
    missing: list[PageDependency] = []
    for page in pages:
        wanted = {("person", one.person) for one in requirements_of(page) if one.person}
        wanted |= {(file.kind, file.number) for file in shown_media(page)}
        outdated += [pk for key, pk in stored[page.pk].items() if key not in wanted]
        missing += [
            PageDependency(page_id=page.pk, **{f"{kind}_id": number})
            for kind, number in sorted(wanted - stored[page.pk].keys())
        ]
    if outdated:
        PageDependency.objects.filter(pk__in=outdated).delete()
    PageDependency.objects.bulk_create(missing, ignore_conflicts=True)


def store_clearances(clearances: Sequence[Clearance]) -> None:
    """Store the clearances of pages, in the place of earlier ones. Signals are not sent: the pages show no
    files, and the receivers that look at clearances are told of the publication.
    """
    numbers = [clearance.page_id for clearance in clearances]
    Clearance.objects.filter(page_id__in=numbers).delete()
    Clearance.objects.bulk_create(clearances)
    log.record(
        tables.table_key(Clearance),
        *(tables.row_key(Clearance, number) for number in numbers),
        *(f"page:{number}" for number in numbers),
    )
