"""All that is held about a person, as a ZIP of JSON and files (GDPR, articles 15 and 20)."""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import FileField, Model
from django.utils import timezone
from django.utils.text import slugify

from audit import trail
from audit.actors import Actor
from audit.models import AuditEntry
from consent.models import Person
from withdrawal.erasure.personal_data import DERIVED, held

README = """Everything this site holds about one person, on {day}.

data/      one JSON file for each kind of record: a list of records, each with its fields as they are stored
files/     the files that belong to them, under the same names as in the records
derived.json   how many rows of indexes repeat the same words or point at them; they hold nothing else

Records of others who took part in the same interview are included where they cannot be told apart from the person's own.
"""


@dataclass
class Exported:
    """What an export holds: rows by kind of record, files by name, rows of indexes by kind."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    files: dict[str, Any] = field(default_factory=dict)
    derived: Counter[str] = field(default_factory=Counter)


def gather(person: Person) -> Exported:
    """Read everything. Files are named here and opened when they are written."""
    found = Exported()
    for (label, key), thing in held(person).items():
        if label in DERIVED:
            found.derived[label] += 1
            continue
        found.rows[label].append(plain(thing))
        for one in files_of(thing):
            name = f"files/{slugify(label)}/{key}/{PurePosixPath(one.name).name}"
            found.files[name] = one
    for entry in AuditEntry.objects.filter(person_number=person.pk).order_by("pk"):
        found.rows["audit.AuditEntry"].append(plain(entry))
    return found


def plain(thing: Model) -> dict[str, Any]:
    """A row as plain data, its many-to-many keys among it."""
    data: dict[str, Any] = {one.name: one.value_from_object(thing) for one in thing._meta.concrete_fields}
    for name, value in data.items():
        if hasattr(value, "raw_data"):  # a stream of blocks
            data[name] = list(value.raw_data)
        elif hasattr(value, "name") and hasattr(value, "storage"):
            data[name] = value.name
    for relation in thing._meta.many_to_many:
        data[relation.name] = [other.pk for other in getattr(thing, relation.name).all()]
    return data


def files_of(thing: Model) -> list[Any]:
    """The stored files of a row."""
    files = [getattr(thing, one.name) for one in thing._meta.concrete_fields if isinstance(one, FileField)]
    return [one for one in files if one]


def export(*, person: Person, to: IO[bytes], by: Actor) -> Exported:
    """Write the ZIP. A file that is gone from its storage is named in `missing.json` instead. Written to the audit trail."""
    found = gather(person)
    missing = []
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", README.format(day=timezone.localdate().isoformat()))
        for label, rows in sorted(found.rows.items()):
            archive.writestr(f"data/{label.lower()}.json", _json(rows))
        archive.writestr("derived.json", _json(dict(found.derived)))
        for name, one in found.files.items():
            try:
                with one.storage.open(one.name, "rb") as source, archive.open(name, "w") as target:
                    while chunk := source.read(1 << 20):
                        target.write(chunk)
            except OSError:
                missing.append(one.name)
        if missing:
            archive.writestr("missing.json", _json(missing))
    trail.record(
        by=by,
        action="person.exported",
        thing=person,
        person=person.pk,
        details={"rows": sum(map(len, found.rows.values())), "files": len(found.files)},
    )
    return found


def exported_bytes(person: Person, by: Actor) -> bytes:
    """The ZIP in memory, for tests and small exports."""
    buffer = io.BytesIO()
    export(person=person, to=buffer, by=by)
    return buffer.getvalue()


def _json(data: Any) -> str:
    return json.dumps(data, cls=_Encoder, indent=1, ensure_ascii=False)


class _Encoder(DjangoJSONEncoder):
    def default(self, value: Any) -> Any:
        try:
            return super().default(value)
        except TypeError:
            return str(value)
