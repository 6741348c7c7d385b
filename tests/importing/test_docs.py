"""The examples of docs/importing.md are imported as they stand there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from consent.models import Consent, ConsentForm
from importing import columns, consent_rows
from importing.formats.mapping import read_mapping
from tests import factories as make
from tests.importing import archives

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "importing.md").read_text("utf-8")
EXAMPLES = dict(re.findall(r"```\w+ (\S+)\n(.*?)```", PAGE, re.DOTALL))


def listed(heading: str) -> set[str]:
    """The names of columns in the first cells of the table under a heading."""
    section = PAGE.split(heading, 1)[1]
    table = next(part for part in section.split("\n\n") if part.startswith("| column |"))
    cells = [row.split("|")[1] for row in table.splitlines()[2:]]
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def test_every_column_is_listed() -> None:
    ours = {name for name in listed("### Columns") if not columns.FOLLOW_UP.fullmatch(name)}
    assert ours == columns.COLUMNS - {"file", "follow_ups"}
    assert listed("## Consents") == consent_rows.COLUMNS


@pytest.mark.django_db
def test_the_examples_are_imported(tmp_path: Path) -> None:
    archives.vocabulary()
    archives.index()
    ConsentForm.objects.create(name="Patient story", version="2026-01", text="I agree.")
    for name, text in EXAMPLES.items():
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "hands.png").write_bytes(make.png().read())
    (tmp_path / "A-1.pdf").write_bytes(make.PDF)
    assert archives.command("import_stories", tmp_path / "stories.csv", "--source", "archive")["created"] == 2
    assert (
        archives.command("import_stories", tmp_path / "stories.jsonl", "--source", "archive")["created"] == 1
    )
    draft = archives.draft_of("B-1")
    assert [kind for kind, _value in archives.words_of(draft.during)] == ["text", "quote", "figure"]
    assert archives.draft_of("A-1").visits == [6]
    found = archives.command("record_consents", tmp_path / "consents.csv", "--source", "archive")
    assert (found["created"], found["refused"]) == (2, 0)
    assert Consent.objects.count() == 2
    published = archives.command("publish_imported", "--source", "archive", "--publish")
    assert (published["published"], published["not ready"]) == (2, 1)
    mapping = read_mapping(tmp_path / "mapping.toml")
    row = mapping.row("x", [("first NAME", "Bo"), ("Internal number", "7"), ("Outcome", "Besser")])
    assert dict(row.cells) == {"patient_name": "Bo", "outcome": "good", "country": "DE"}
    assert "vorher" in mapping.headings["before"]
