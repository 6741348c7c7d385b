"""What tests of the import share: files to import, and what the command says."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from django.core.management import call_command

from casestudies.models import CaseStudyPage


def put(folder: Path, name: str, content: Any) -> Path:
    path = folder / name
    data = content if isinstance(content, bytes | str) else json.dumps(content)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def run(*paths: Path, **options: Any) -> tuple[dict[str, int], str]:
    """The last line of the command as JSON, and everything it said."""
    out = io.StringIO()
    call_command("import_cases", *map(str, paths), json=True, stdout=out, stderr=out, **options)
    said = out.getvalue()
    return json.loads(said.strip().splitlines()[-1]), said


def counts(**given_: int) -> dict[str, int]:
    return {"created": 0, "updated": 0, "unchanged": 0, "refused": 0} | given_


def the_page() -> CaseStudyPage:
    return CaseStudyPage.objects.get().get_latest_revision_as_object()
