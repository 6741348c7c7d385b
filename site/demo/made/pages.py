"""Turns what is known of a made page about a person into the rows that publishing it would have stored."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.contrib.contenttypes.models import ContentType
from modelcluster.models import get_all_child_relations
from taggit.models import Tag
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision

from consent.models import Consent, ConsentForm, Person
from consent.uses import UNDERSTOOD, Use, field_of
from demo.made.layout import Keys, translation_key
from demo.made.search_entries import SearchEntries
from demo.made.tables import Row, Tables, as_json
from demo.parts.people import NOT_AGREED
from media.models import Picture, Recording
from mentions.models import PersonName
from mentions.person_names import rows_of_names
from publication.models import Clearance, PageDependency
from publication.public_content import bookkeeping, hash_of, without_statements

# Stories are published half an hour apart, from this moment on: 100,000 of them take less than six years.
OPENED = datetime(2020, 1, 1, tzinfo=UTC)
APART = timedelta(minutes=30)
# All people signed on this day.
SIGNED = datetime(2019, 11, 1, tzinfo=UTC)
USES = {field_of(use): use not in NOT_AGREED for use in Use}


@lru_cache(maxsize=1_000)
def names_of(shown: str) -> list[tuple[int, int]]:
    """Return what is stored of the name of a made person, whose real name consists of no words."""
    return sorted(rows_of_names(shown, ""))


@dataclass(frozen=True)
class Shown:
    """A picture or recording on a page. `model_path` and `path`: as in Wagtail's reference index."""

    model: type[Picture | Recording]
    number: int
    model_path: str
    path: str


@dataclass
class MadePage:
    """A page that is about to be written.

    `values`: its fields by name, as `Page.serializable_data` gives them; `related`: its related rows and
    terms in the same form; `parts`: what may be redacted from it; `said`: words for the search that
    are not fields.
    """

    number: int
    place: int
    slug: str
    person: str
    published: datetime
    values: Row
    related: Row
    parts: list[str]
    shown: list[Shown]
    files: list[list[str]]
    said: dict[str, str] = field(default_factory=dict)


class PageKind:
    """One kind of made page: its parent, its fields' usual values, and the keys of its rows."""

    def __init__(
        self, name: str, model: Any, parent: Page, usual: Row, *, keys: PageKeys, form: ConsentForm
    ) -> None:
        self.name, self.model, self.parent, self.keys, self.form = name, model, parent, keys, form
        type_of = ContentType.objects.get_for_model
        self.content_type = type_of(model).pk
        self.page_type = type_of(Page).pk
        self.person_type = type_of(Person).pk
        self.tag_type = type_of(Tag).pk
        self.file_types = {kind: type_of(kind).pk for kind in (Picture, Recording)}
        blank = model(locale=parent.locale, live=True, **usual)
        self.usual: Row = blank.serializable_data()
        self.unseen = bookkeeping() | model.private_fields
        self.columns = [(one.column, one.name) for one in Page._meta.local_concrete_fields]
        self.own_columns = [
            (one.column, one.name) for one in model._meta.local_concrete_fields if one.name != "page_ptr"
        ]
        self.children = {
            relation.get_accessor_name(): (
                relation.related_model,
                [
                    (one.column, "pk" if one.primary_key else one.name)
                    for one in relation.related_model._meta.local_concrete_fields
                ],
            )
            for relation in get_all_child_relations(model)
            if relation.get_accessor_name() in ("follow_ups", "tagged_items")
        }
        last = (
            Page.objects.filter(path__startswith=parent.path, depth=parent.depth + 1)
            .order_by("-path")
            .first()
        )
        self.next_step = Page._str2int(last.path[-Page.steplen :]) + 1 if last else 1
        self.added = 0

    def write(self, page: MadePage, tables: Tables, entries: SearchEntries) -> int:
        """Add all rows of a page to `tables` and return its key."""
        pk = self.keys.pages.at(page.place)
        data = {**self.usual, **self._place(page, pk), **page.values, **page.related}
        content = {
            name: without_statements(value) if isinstance(value, str) and value.startswith("[{") else value
            for name, value in data.items()
            if name not in self.unseen
        }
        digest = hash_of({**content, "files": page.files})
        self._write_person(page, tables)
        self._write_revision(page, pk, data, tables)
        tables.add(Page, **{column: data["pk" if name == "id" else name] for column, name in self.columns})
        own = {column: data[name] for column, name in self.own_columns}
        tables.add(self.model, page_ptr_id=pk, **own)
        self._write_related(pk, page.related, tables)
        self._write_clearance(page, pk, digest, tables)
        self._write_references(page, pk, tables)
        self._write_log(page, pk, tables)
        entries.add(pk, data, page.said)
        self.added += 1
        return pk

    def _place(self, page: MadePage, pk: int) -> Row:
        """Return what publishing sets: place in the tree, addresses, dates, revisions."""
        step, self.next_step = self.next_step, self.next_step + 1
        revision = self.keys.revisions.at(page.place)
        return {
            "pk": pk,
            "path": Page._get_path(self.parent.path, self.parent.depth + 1, step),
            "depth": self.parent.depth + 1,
            "translation_key": translation_key(self.name, page.number),
            "content_type": self.content_type,
            "slug": page.slug,
            "url_path": f"{self.parent.url_path}{page.slug}/",
            "draft_title": page.values["title"],
            "live": True,
            "first_published_at": page.published,
            "last_published_at": page.published,
            "latest_revision_created_at": page.published,
            "latest_revision": revision,
            "live_revision": revision,
            "person": self.keys.people.at(page.place),
        }

    def _write_person(self, page: MadePage, tables: Tables) -> None:
        pk = self.keys.people.at(page.place)
        tables.add(
            Person,
            id=pk,
            private_name=f"Zzmade{self.name}{page.number}",
            display_name=page.person,
            country=page.values["country"],
            notes="Invented, to measure the site with.",
            created_at=SIGNED,
        )
        for first, name in names_of(page.person):
            tables.add(PersonName, person_id=pk, first=first, name=name)
        tables.add(
            Consent,
            person_id=pk,
            form_id=self.form.pk,
            material="Invented, to measure the site with.",
            starts_at=SIGNED,
            signed_on=SIGNED.date(),
            collected_by="make_stories",
            created_at=SIGNED,
            **USES,
            **dict.fromkeys(UNDERSTOOD, True),
        )

    def _write_revision(self, page: MadePage, pk: int, data: Row, tables: Tables) -> None:
        """The latest revision, so that an editor can open the page."""
        tables.add(
            Revision,
            id=self.keys.revisions.at(page.place),
            content_type_id=self.content_type,
            base_content_type_id=self.page_type,
            object_id=str(pk),
            created_at=page.published,
            object_str=page.values["title"],
            content=as_json(data),
        )

    def _write_related(self, pk: int, related: Row, tables: Tables) -> None:
        for name, (model, columns) in self.children.items():
            for row in related.get(name, ()):
                tables.add(model, **{column: row[key] for column, key in columns})
        owner = f"{self.model._meta.model_name}_id"
        for name in ("conditions", "treatments"):
            through = getattr(self.model, name).through
            for term in related[name]:
                tables.add(through, **{owner: pk, f"{name.removesuffix('s')}_id": term})

    def _write_clearance(self, page: MadePage, pk: int, digest: str, tables: Tables) -> None:
        span = [[SIGNED.isoformat(), None]]
        tables.add(
            Clearance,
            page_id=pk,
            starts_at=SIGNED,
            parts=dict.fromkeys(page.parts, span),
            content_hash=digest,
            made_at=page.published,
        )

    def _write_references(self, page: MadePage, pk: int, tables: Tables) -> None:
        """Wagtail's index of what a page refers to, and ours of what it depends on."""
        person = self.keys.people.at(page.place)
        nothing = {"person_id": None, "picture_id": None, "recording_id": None}
        tables.add(PageDependency, page_id=pk, **{**nothing, "person_id": person})
        for column, numbers in (
            ("picture_id", {one.number for one in page.shown if one.model is Picture}),
            ("recording_id", {one.number for one in page.shown if one.model is Recording}),
        ):
            for number in sorted(numbers):
                tables.add(PageDependency, page_id=pk, **{**nothing, column: number})
        self._refer(pk, self.person_type, person, ("person", "person"), tables)
        for row in page.related.get("tagged_items", ()):
            path = f"tagged_items.{row['pk']}.tag"
            self._refer(pk, self.tag_type, row["tag"], ("tagged_items.item.tag", path), tables)
        for one in page.shown:
            self._refer(pk, self.file_types[one.model], one.number, (one.model_path, one.path), tables)

    def _refer(self, pk: int, kind: int, number: int, paths: tuple[str, str], tables: Tables) -> None:
        model_path, path = paths
        tables.add(
            ReferenceIndex,
            content_type_id=self.content_type,
            base_content_type_id=self.page_type,
            object_id=str(pk),
            to_content_type_id=kind,
            to_object_id=str(number),
            model_path=model_path,
            content_path=path,
            content_path_hash=_hash_of_path(path),
        )

    def _write_log(self, page: MadePage, pk: int, tables: Tables) -> None:
        revision = self.keys.revisions.at(page.place)
        for action, of in (("wagtail.create", None), ("wagtail.publish", revision)):
            tables.add(
                PageLogEntry,
                content_type_id=self.content_type,
                label=page.values["title"],
                action=action,
                data="{}",
                timestamp=page.published,
                revision_id=of,
                content_changed=True,
                page_id=pk,
            )

    def count_children(self) -> None:
        """Tell the parent page how many children it has got."""
        if self.added:
            number = Page.objects.filter(pk=self.parent.pk).values_list("numchild", flat=True)[0]
            Page.objects.filter(pk=self.parent.pk).update(numchild=number + self.added)
            self.added = 0


@dataclass(frozen=True)
class PageKeys:
    """The keys that all kinds of made pages share, by their places."""

    pages: Keys
    people: Keys
    revisions: Keys


def published_at(number: int) -> datetime:
    """Return when the story `number` was published."""
    return OPENED + APART * number


@lru_cache(maxsize=1024)
def _hash_of_path(path: str) -> uuid.UUID:
    made: uuid.UUID = ReferenceIndex._get_content_path_hash(path)
    return made
