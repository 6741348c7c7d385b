"""The columns of a story, and how a row becomes a record. No database; every error is Refused.

docs/importing.md describes the columns for those who prepare an archive.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from conditions.words import fold
from experiences.models.story import Origin, Relation
from importing import cells
from importing.records import PARTS, FileReference, Refused, Row, StoryRecord
from importing.story_text import add_pieces, add_text
from importing.text_blocks import HEADINGS
from pages.choices import Outcome

LONGEST_ID = 200
OUTCOMES = {
    "improved": "good",
    "better": "good",
    "improvement": "good",
    "unchanged": "same",
    "unknown": "none",
}
RELATIONS = {"self": "patient", "mother": "parent", "father": "parent", "spouse": "partner"}

# Fields of StoryPage by column, with the longest value in characters.
TEXTS = {"lede": 500, "listing_text": 300, "search_description": 0}
LINES = {
    "title": 255, "seo_title": 255, "patient_name": 60, "diagnosis": 200, "treatment_received": 200,
    "outcome_text": 80, "teller_name": 120, "before_heading": 120, "during_heading": 120,
    "after_heading": 120, "interviewed_by": 200, "edited_by": 200, "checked_by": 200, "told_because": 300,
    "who_paid": 300,
}  # fmt: skip
READERS: dict[str, Callable[[str, Any], Any]] = {
    "name_is_pseudonym": cells.yes_or_no,
    "age_at_treatment": cells.age,
    "country": cells.country,
    "outcome": lambda name, value: cells.choice(name, value, Outcome, OUTCOMES),
    "relation": lambda name, value: cells.choice(name, value, Relation, RELATIONS),
    "origin": lambda name, value: cells.choice(name, value, Origin, {}),
    "is_sample": cells.yes_or_no,
}
LISTS = ("conditions", "treatments", "tags")
TEXT_COLUMNS = (*PARTS, "body")
OTHERS = ("id", "slug", "picture", "picture_description", "picture_credit", "documents", "follow_ups", "file")
COLUMNS = frozenset({*TEXTS, *LINES, *READERS, *LISTS, *TEXT_COLUMNS, *OTHERS})
FOLLOW_UP = re.compile(r"follow_up_(-?\d{1,3})")
FOLLOW_UP_FIELDS = {"observation": 600, "reported_by": 120, "outcome_text": 80}


def column_of(heading: str) -> str:
    """Return our name for a heading: patient_name for 'Patient name'; '' if it is not ours."""
    typed = "_".join(heading.replace("−", "-").lower().split())
    if FOLLOW_UP.fullmatch(typed):
        return typed
    name = "_".join(fold(heading).split())
    return name if name in COLUMNS else ""


def record_of(row: Row) -> StoryRecord:
    """Return the story that a row describes. Raises Refused for the first cell that cannot be used."""
    if row.problem:
        raise Refused(row.problem)
    given = {name: value for name, value in row.cells.items() if not _is_empty(value)}
    record = StoryRecord(cells.line("id", given.get("id"), LONGEST_ID), row.place)
    record.remarks += row.remarks
    record.kept.update({name: value for name, value in row.unknown.items() if not _is_empty(value)})
    if not record.external_id:
        raise Refused("The row has no id. Add a column ‘id’ with a different word for each story.")
    _fields(record, given)
    if not record.title:
        raise Refused("The story has no title. Fill in the column ‘title’.")
    for name in LISTS:
        if name in given:
            setattr(record, name, cells.several(name, given[name], 100 if name == "tags" else 255))
            record.given.add(name)
    record.slug = cells.line("slug", given.get("slug"), 200)
    record.follow_ups = follow_ups(given)
    if record.follow_ups:
        record.given.add("follow_ups")
    add_text(record, {name: given[name] for name in TEXT_COLUMNS if name in given})
    if row.pieces:
        add_pieces(record, list(row.pieces), row.headings or HEADINGS)
    _files(record, given)
    record.given |= set(record.fields) | set(record.streams)
    return record


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {}) or (isinstance(value, str) and not value.strip())


def _fields(record: StoryRecord, given: Mapping[str, Any]) -> None:
    for name, longest in TEXTS.items():
        if name in given:
            record.fields[name] = cells.text(name, given[name], longest)
    for name, longest in LINES.items():
        if name in given:
            record.fields[name] = cells.line(name, given[name], longest)
    for name, reader in READERS.items():
        if name in given:
            record.fields[name] = reader(name, given[name])


def follow_ups(given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return rows of FollowUp in order of time: of a list 'follow_ups', and of columns 'follow_up_6'."""
    rows = given.get("follow_ups", [])
    if not isinstance(rows, list):
        raise Refused("‘follow_ups’ must be a list of objects with ‘months’ and ‘observation’.")
    found = [_follow_up(number, row) for number, row in enumerate(rows, start=1)]
    for name, value in given.items():
        if match := FOLLOW_UP.fullmatch(name):
            months = cells.months(name, match[1])
            found.append(_checked(name, {"months": months, "observation": cells.text(name, value, 600)}))
    return sorted(found, key=lambda row: row["months"])


def _follow_up(number: int, row: Any) -> dict[str, Any]:
    place = f"follow-up {number}"
    if not isinstance(row, Mapping):
        raise Refused(f"‘{place}’ must be an object with ‘months’ and ‘observation’.")
    if strange := sorted(set(map(str, row)) - {"months", "outcome", *FOLLOW_UP_FIELDS}):
        raise Refused(f"‘{place}’ has ‘{strange[0]}’, which is not a field of a follow-up.")
    read: dict[str, Any] = {"months": cells.months(f"{place}, months", row.get("months"))}
    for name, longest in FOLLOW_UP_FIELDS.items():
        if row.get(name):
            read[name] = cells.text(f"{place}, {name}", row[name], longest)
    if row.get("outcome"):
        read["outcome"] = cells.choice(f"{place}, outcome", row["outcome"], Outcome, OUTCOMES)
    return _checked(place, read)


def _checked(place: str, row: dict[str, Any]) -> dict[str, Any]:
    if not -240 <= row["months"] <= 600:
        raise Refused(f"‘{place}’: {row['months']} months is outside -240 to 600.")
    if not row.get("observation"):
        raise Refused(f"‘{place}’ has no observation. Say what was observed, or leave the follow-up out.")
    return row


def _files(record: StoryRecord, given: Mapping[str, Any]) -> None:
    if "picture" in given:
        record.picture = FileReference(
            cells.line("picture", given["picture"], 500),
            cells.line("picture_description", given.get("picture_description"), 300),
            cells.line("picture_credit", given.get("picture_credit"), 200),
        )
        record.given.add("picture")
    documents = cells.several("documents", given.get("documents", []), 500)
    if documents:
        blocks = [
            {"type": "document", "value": {"document": FileReference(name), "title": "", "description": ""}}
            for name in documents
        ]
        record.streams["after"] = [*record.streams.get("after", []), *blocks]


def unknown_columns(headings: Iterable[str]) -> list[str]:
    """Return the headings that are not ours, in their order."""
    return [heading for heading in headings if heading and not column_of(heading)]
