"""Small archives and the ways to import them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management import call_command

from experiences.models import StoryIndexPage, StoryPage
from importing.formats import source_of
from importing.formats.mapping import Mapping
from importing.models import ImportedStory
from importing.report import Report
from importing.services import import_stories
from tests import factories as make


def a_row(number: int = 1, **more: Any) -> dict[str, Any]:
    """A complete story with everything but files."""
    return {
        "id": f"s{number}",
        "title": f"The stairs, {number}",
        "patient_name": "Ines",
        "country": "Portugal",
        "age_at_treatment": "6",
        "diagnosis": "Spastic diplegia",
        "conditions": ["Cerebral palsy"],
        "treatments": ["Cord blood"],
        "tags": ["stairs", "school"],
        "outcome": "Some improvement",
        "relation": "parent",
        "teller_name": "Marta",
        "lede": "A year later she climbs the stairs at home.",
        "before": "At five she could stand.\n\nShe held the table.",
        "before_heading": "Fourteen stairs",
        "during": [
            {"type": "text", "value": "Six packets in 26 days."},
            {"type": "quote", "text": "No one promised us she would walk.", "speaker": "Marta"},
        ],
        "after": "<p>She climbs <b>five</b> stairs.</p><ul><li>one</li><li>two</li></ul>",
        "follow_ups": [
            {"months": 12, "observation": "She climbs five stairs.", "outcome": "good"},
            {"months": 3, "observation": "Nothing had changed.", "reported_by": "her mother"},
        ],
        **more,
    }


def json_lines(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return path


def index() -> StoryIndexPage:
    return make.story_index()


def vocabulary() -> None:
    make.ConditionFactory(name="Cerebral palsy", names=["CP", "Little's disease"])
    make.TreatmentFactory(name="Cord blood", names=["cord blood stem cells"])


def take_in(path: Path, *, mapping: Mapping | None = None, **options: Any) -> Report:
    """Import an archive under the story index."""
    report = Report(shown=10_000)
    return import_stories(
        archive=source_of(path, mapping or Mapping()),
        source=options.pop("source", "archive"),
        parent=index(),
        report=report,
        **options,
    )


def imported(external_id: str, source: str = "archive") -> ImportedStory:
    return ImportedStory.objects.get(source=source, external_id=external_id)


def draft_of(external_id: str) -> StoryPage:
    page = imported(external_id).page
    assert page is not None
    draft: StoryPage = page.get_latest_revision_as_object()
    return draft


def words_of(stream: Any) -> list[Any]:
    """(type, value) of each block."""
    return [(item["type"], item["value"]) for item in stream.get_prep_value()]


def docx(paragraphs: list[tuple[str, str]]) -> bytes:
    """A Word document of (style, text): styles 'Title', 'Heading1', 'Normal'."""
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
        for style, text in paragraphs
    )
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
        for key, name in (
            ("Title", "Title"),
            ("Heading1", "heading 1"),
            ("Heading2", "heading 2"),
            ("Normal", "Normal"),
        )
    )
    kinds = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    files = {
        "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{kinds}.document.main+xml"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{kinds}.styles+xml"/></Types>',
        "_rels/.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" '
        'Target="styles.xml"/></Relationships>',
        "word/styles.xml": f'<?xml version="1.0"?><w:styles {space}>{styles}</w:styles>',
        "word/document.xml": f'<?xml version="1.0"?><w:document {space}><w:body>{body}</w:body></w:document>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def command(name: str, *args: Any) -> dict[str, Any]:
    """Run a command with --json and return what it ends with."""
    out = io.StringIO()
    call_command(name, *map(str, args), "--json", stdout=out, stderr=io.StringIO())
    found: dict[str, Any] = json.loads(out.getvalue().strip().splitlines()[-1])
    return found
