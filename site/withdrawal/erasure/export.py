"""Everything recorded about a person, as a ZIP of JSON and files (GDPR, articles 15 and 20)."""

from __future__ import annotations

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
from withdrawal.erasure.personal_data import DERIVED, collect

README = """Everything this site has recorded about one person, on {day}.

data/      one JSON file for each kind of record: a list of records, each with its fields as they are stored
files/     the files that belong to them, under the same names as in the records
derived.json   how many index rows repeat the same words; they contain nothing else

Records of others who took part in the same interview are included if they cannot be separated from the
person's own.
"""


@dataclass
class Exported:
    """The content of an export: rows by model, files by name, and counts of index rows by model."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    files: dict[str, Any] = field(default_factory=dict)
    derived: Counter[str] = field(default_factory=Counter)


def gather(person: Person) -> Exported:
    """Read every row. Files are only named here; they are opened when the ZIP is written."""
    found = Exported()
    for (label, key), row in collect(person).items():
        if label in DERIVED:
            found.derived[label] += 1
            continue
        found.rows[label].append(plain(row))
        for stored in files_of(row):
            found.files[f"files/{slugify(label)}/{key}/{PurePosixPath(stored.name).name}"] = stored
    for entry in AuditEntry.objects.filter(person_number=person.pk).order_by("pk"):
        found.rows["audit.AuditEntry"].append(plain(entry))
    return found


def plain(row: Model) -> dict[str, Any]:
    """Return a row as plain data, with the keys of its many-to-many relations."""
    data: dict[str, Any] = {
        stored.name: stored.value_from_object(row) for stored in row._meta.concrete_fields
    }
    for name, value in data.items():
        if hasattr(value, "raw_data"):  # a stream of blocks
            data[name] = list(value.raw_data)
        elif hasattr(value, "name") and hasattr(value, "storage"):
            data[name] = value.name
    for relation in row._meta.many_to_many:
        data[relation.name] = [other.pk for other in getattr(row, relation.name).all()]
    return data


def files_of(row: Model) -> list[Any]:
    """Return the stored files of a row."""
    files = [
        getattr(row, column.name) for column in row._meta.concrete_fields if isinstance(column, FileField)
    ]
    return [file for file in files if file]


def export(*, person: Person, to: IO[bytes], by: Actor) -> Exported:
    """Write the ZIP and record it in the audit trail.

    A file that its storage has lost is named in `missing.json`.
    """
    found = gather(person)
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", README.format(day=timezone.localdate().isoformat()))
        for label, rows in sorted(found.rows.items()):
            archive.writestr(f"data/{label.lower()}.json", _json(rows))
        archive.writestr("derived.json", _json(dict(found.derived)))
        if missing := _write_files(archive, found.files):
            archive.writestr("missing.json", _json(missing))
    trail.record(
        by=by,
        action="person.exported",
        thing=person,
        person=person.pk,
        details={"rows": sum(map(len, found.rows.values())), "files": len(found.files)},
    )
    return found


def _write_files(archive: zipfile.ZipFile, files: dict[str, Any]) -> list[str]:
    """Write the files. Return the names of those that their storage has lost."""
    missing = []
    for name, stored in files.items():
        try:
            with stored.storage.open(stored.name, "rb") as source, archive.open(name, "w") as target:
                while chunk := source.read(1 << 20):
                    target.write(chunk)
        except OSError:
            missing.append(stored.name)
    return missing


def _json(data: Any) -> str:
    return json.dumps(data, cls=_Encoder, indent=1, ensure_ascii=False)


class _Encoder(DjangoJSONEncoder):
    def default(self, value: Any) -> Any:
        try:
            return super().default(value)
        except TypeError:
            return str(value)
