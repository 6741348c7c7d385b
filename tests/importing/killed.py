"""Imports an archive, or records consents, in child processes that are ended by SIGKILL, then once to the end.

`python killed.py ARCHIVE KILLS SEED`: the database and the files are in FAULT_FOLDER. Each child is killed before
a statement, commit or file chosen at random; it is not told when. Prints a line of JSON for each child, and at the
end everything that is stored, by table, without keys and moments.
"""

from __future__ import annotations

import hashlib
import json
import random
import resource
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def import_all(archive: Path, steps: int) -> tuple[int, int]:
    """How many steps the import took, and the peak of its memory in kB."""
    from django.core.files.storage import FileSystemStorage
    from django.core.management import call_command
    from django.db import connection

    from tests.faults.killing import Countdown

    count = Countdown(steps)
    FileSystemStorage._save = count.around(FileSystemStorage._save)  # type: ignore[attr-defined]
    connection._commit = count.around(connection._commit)  # type: ignore[attr-defined]
    with connection.execute_wrapper(count.statement):
        # Consents are in CSV files here, stories in JSON Lines.
        command = "record_consents" if archive.suffix == ".csv" else "import_stories"
        call_command(command, archive, source="archive", verbosity=0)
    return count.made, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def state() -> dict[str, Any]:
    """Every row of every table about the stories, by story, without keys and moments."""
    from django.apps import apps
    from django.core.files.storage import storages
    from wagtail.models import Page

    from audit import trail
    from consent.models import Consent
    from importing.models import ImportedStory

    found: dict[str, Any] = {}
    rows = _rows_by_page()
    for story in ImportedStory.objects.select_related("page").order_by("key").iterator():
        assert story.page is not None
        own = {"story": plain(story), "page": plain(story.page), **rows[story.page_id]}
        found[story.external_id] = digest(own)
    counts = {
        model._meta.label: model._base_manager.count() for model in apps.get_models(include_auto_created=True)
    }
    files = 0
    for folder in ("pictures", "documents", "consents"):
        try:
            files += len(storages["private"].listdir(folder)[0])
        except OSError:
            continue
    consents = [plain(consent) for consent in Consent.objects.order_by("pk")]
    problems = [*Page.find_problems(), list(trail.broken())]
    return {
        "stories": found, "consents": digest(consents), "counts": counts, "problems": problems, "files": files
    }  # fmt: skip


# Keys and moments differ between two imports of the same archive; places in the tree do not.
LEFT_OUT = {
    "id", "pk", "page_ptr", "page", "content_object", "storypage", "latest_revision", "latest_revision_created_at",
    "created_at", "timestamp", "uuid", "object_id", "revision", "imported_at", "updated_at", "live_revision",
    "content_path", "content_path_hash", "title_norm", "content", "signature",
}  # fmt: skip


def plain(row: Any) -> dict[str, Any]:
    kept = {}
    for field in row._meta.concrete_fields:
        if field.name not in LEFT_OUT:
            value = getattr(row, field.attname)
            streams = ("before", "during", "after")
            kept[field.name] = field.value_to_string(row) if field.name in streams else value
    return kept


def _rows_by_page() -> Any:
    from django.apps import apps
    from wagtail.models import Page, PageLogEntry, Revision

    from experiences.models import StoryPage

    rows: Any = defaultdict(lambda: defaultdict(list))
    pages = set(StoryPage.objects.values_list("pk", flat=True))
    for model in apps.get_models(include_auto_created=True):
        names = {field.name: field for field in model._meta.concrete_fields}
        listed: Any = model._base_manager.order_by("pk")
        for row in listed.iterator():
            number: Any = None
            if {"object_id", "content_type"} <= names.keys():
                number = int(row.object_id)
            elif model is PageLogEntry or any(
                name in names and names[name].related_model in (StoryPage, Page)
                for name in ("page", "content_object", "storypage")
            ):
                name = next(name for name in ("page", "content_object", "storypage") if name in names)
                number = getattr(row, names[name].attname)
            if number in pages:
                own = plain(row)
                if isinstance(row, Revision):
                    own["content"] = _content(row.content)
                rows[number][model._meta.label].append(own)
    for tables in rows.values():
        for listed in tables.values():
            listed.sort(key=lambda row: json.dumps(row, sort_keys=True, default=str))
    return rows


def _content(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _content(item) for key, item in value.items() if key not in LEFT_OUT}
    return [_content(item) for item in value] if isinstance(value, list) else value


def main(archive: Path, kills: int, seed: int) -> None:
    import django

    django.setup()
    from django.urls import get_resolver

    from tests.faults.killing import in_a_child

    # Imported once, here: a child then starts with all code read and no connection open.
    _patterns = get_resolver().url_patterns
    chance = random.Random(seed)
    # About so many steps an import takes: a kill comes anywhere in what is left of it.
    steps = int(sys.argv[4]) if len(sys.argv) > 4 else 0
    done = 0
    while done < kills:
        point = chance.randint(1, max(2, steps // kills * 2))
        status, made = in_a_child(lambda point=point: import_all(archive, point))  # type: ignore[misc]
        print(json.dumps({"point": point, "status": status, "made": made}), flush=True)
        if status == 0:
            break
        done += 1
    started = time.monotonic()
    status, told = in_a_child(lambda: import_all(archive, 0))
    made, memory = told or (0, 0)
    took = round(time.monotonic() - started, 1)
    print(
        json.dumps({"point": 0, "status": status, "made": made, "memory": memory, "seconds": took}),
        flush=True,
    )
    _status, seen = in_a_child(state)
    print(json.dumps({"state": seen}), flush=True)


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / "site"), str(ROOT)]
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
