"""Makes a page of a record, and compares pages field by field."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

from django.core.serializers.json import DjangoJSONEncoder
from taggit.models import Tag

from experiences.models import FollowUp, StoryPage
from experiences.models.story import StoryTag
from experiences.naming import why_not_public_name
from importing.files import Files
from importing.models import story_key
from importing.records import PARTS, FileReference, Refused, StoryRecord
from importing.slugs import slug_of
from importing.text_blocks import without_keys
from importing.vocabulary import Vocabulary

TERMS = ("conditions", "treatments")
_BLOCKS = uuid.UUID("6e6a1b1e-3c5f-4e8e-9d0b-0c7f6f1f6d11")


@dataclass
class Planned:
    """A record with what was found for it. `digest`: of the record and of what was found."""

    record: StoryRecord
    key: str
    terms: dict[str, list[int]] = field(default_factory=dict)
    unmatched: dict[str, list[str]] = field(default_factory=dict)
    digest: str = ""

    @property
    def note(self) -> dict[str, Any]:
        """What is kept for the editor, as ImportedStory stores it."""
        note = {"unmatched": self.unmatched, "kept": self.record.kept, "remarks": self.record.remarks}
        return {name: value for name, value in note.items() if value}


def planned(record: StoryRecord, source: str, vocabulary: Vocabulary, files: Files) -> Planned:
    """Return what is known about a record without writing anything."""
    plan = Planned(record, story_key(source, record.external_id))
    for column in TERMS:
        keys, missing = getattr(vocabulary, column).matched(getattr(record, column))
        plan.terms[column] = keys
        if missing:
            plan.unmatched[column] = missing
    contents = [files.content_hash(file) for file in record.files()]
    plan.digest = record.digest([plan.terms, contents])
    name = str(record.fields.get("patient_name", ""))
    reason = why_not_public_name(name, is_pseudonym=bool(record.fields.get("name_is_pseudonym")))
    if name and reason:
        raise Refused(f"‘patient_name’ is ‘{name}’: {reason}")
    return plan


def resolve_files(plan: Planned, files: Files) -> int | None:
    """Store the files of a record, put their keys into its blocks, and return the key of its picture.

    Raises Refused for a file that the row requires; others are left out with a remark.
    """
    record = plan.record
    # First, because a picture is described by the words with which it is stored first.
    picture = files.picture(record.picture)[0] if record.picture else None
    for part, blocks in record.streams.items():
        record.streams[part] = [one for block in blocks if (one := _with_files(block, record, files))]
    return picture


def _with_files(block: dict[str, Any], record: StoryRecord, files: Files) -> dict[str, Any] | None:
    value = block["value"]
    file = value.get("picture") or value.get("document") if isinstance(value, dict) else None
    if not isinstance(file, FileReference):
        return block
    try:
        if block["type"] == "figure":
            key, description = files.picture(file)
            return {**block, "value": {**value, "picture": key, "alt": description, "credit": ""}}
        return {**block, "value": {**value, "document": files.document(file)}}
    except Refused as error:
        if file.is_required:
            raise
        words = value.get("caption") or value.get("title") or ""
        record.remarks.append(f"Left out: {error}{f' Its words: {words}' if words else ''}")
        return None


class Found(Protocol):
    """Where the terms and tags of a record are found."""

    vocabulary: Vocabulary
    tags: Tags


def new_page(plan: Planned, picture: int | None) -> StoryPage:
    """Return a new draft, not stored and without rows of other tables."""
    record = plan.record
    page = StoryPage(live=False, has_unpublished_changes=True, **record.fields)
    page.picture_id = picture
    page.slug = record.slug or slug_of(record.title, plan.key)
    page.draft_title = page.title
    page.translation_key = uuid.uuid5(_BLOCKS, plan.key)
    for part in PARTS:
        set_stream(page, part, blocks_with_ids(plan, part))
    return page


def blocks_with_ids(plan: Planned, part: str) -> list[dict[str, Any]]:
    """Return the blocks of a part with ids that are the same in every run."""
    return [
        {**block, "id": str(uuid.uuid5(_BLOCKS, f"{plan.key}:{part}:{number}"))}
        for number, block in enumerate(plan.record.streams.get(part, []))
    ]


def set_stream(page: StoryPage, part: str, blocks: list[dict[str, Any]]) -> None:
    field_: Any = StoryPage._meta.get_field(part)
    setattr(page, part, field_.stream_block.to_python(blocks))


def write(page: StoryPage, names: Iterable[str], plan: Planned, picture: int | None, found: Found) -> None:
    """Set these fields of a draft in memory to what the record says, empty where it says nothing."""
    record, rows = plan.record, cast(Any, page)
    for name in names:
        if name in PARTS:
            set_stream(page, name, blocks_with_ids(plan, name))
        elif name == "follow_ups":
            rows.follow_ups = follow_up_rows(record)
        elif name in TERMS:
            setattr(page, name, getattr(found.vocabulary, name).get(plan.terms[name]))
        elif name == "tags":
            rows.tagged_items = [StoryTag(tag=tag) for tag in found.tags.named(record.tags)]
        elif name == "picture":
            page.picture_id = picture
        else:
            field_: Any = StoryPage._meta.get_field(name)
            setattr(page, name, record.fields.get(name, field_.get_default()))


def follow_up_rows(record: StoryRecord) -> list[FollowUp]:
    return [FollowUp(sort_order=number, **row) for number, row in enumerate(record.follow_ups)]


class Tags:
    """The free tags of the site, each read once. `store`: whether tags that are missing are stored."""

    MOST = 20_000  # tags that are kept in memory

    def __init__(self, *, store: bool = True) -> None:
        self.store = store
        self._known: dict[str, Tag] = {}

    def named(self, names: Iterable[str]) -> list[Tag]:
        """Return the tags with these names, in any capitalisation, each once."""
        found = {self._tag(name).name.casefold(): self._tag(name) for name in names}
        return list(found.values())

    def forget(self) -> None:
        """Forget the tags, some of which were stored in a transaction that was rolled back."""
        self._known.clear()

    def _tag(self, name: str) -> Tag:
        key = name.casefold()
        if key not in self._known:
            if len(self._known) > self.MOST:
                self._known.clear()
            tag = Tag.objects.filter(name__iexact=name).order_by("pk").first() or Tag(name=name)
            if tag.pk is None and self.store:
                tag.save()
            self._known[key] = tag
        return self._known[key]


# Comparing --------------------------------------------------------------------------------------------------


def hashes_of(page: StoryPage, names: Iterable[str]) -> dict[str, str]:
    """Return by field the hash of what stands on the page, equal for equal words in the editor and here."""
    return {name: _hash(_value(page, name)) for name in names}


def _hash(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def _value(page: StoryPage, name: str) -> Any:
    if name in PARTS:
        return [_plain(item) for item in getattr(page, name).get_prep_value()]
    if name == "follow_ups":
        fields = ("months", "observation", "reported_by", "outcome", "outcome_text")
        return [[getattr(row, one) for one in fields] for row in page.follow_ups.all()]
    if name in TERMS:
        return sorted(term.pk for term in getattr(page, name).all())
    if name == "tags":
        return sorted(item.tag.name.casefold() for item in page.tagged_items.all())
    if name == "picture":
        return page.picture_id
    value = getattr(page, name)
    return str(value) if name == "country" else value


def _plain(value: Any) -> Any:
    """Return the value of a block without ids and keys, and without fields that are empty."""
    if isinstance(value, dict):
        plain = {key: _plain(item) for key, item in value.items() if key != "id"}
        return {key: item for key, item in plain.items() if item not in ("", None, [], {})}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return without_keys(value).strip() if isinstance(value, str) else value
