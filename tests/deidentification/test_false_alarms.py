"""What the rules find where nothing private is: more than these numbers means a rule became too eager."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from deidentification.counting import count_in_captions, count_on_pages
from tests.approval.approving import AFTER, story

# Of 6,742 cues in 57 recorded consultations, in which people say invented names, streets and birthdays.
INTERVIEWS = {"name": 49, "place": 32, "date": 17, "email": 1}

ORDINARY = """
Her score went from 12 to 31 of 66, and from 2.5 to 3.1. 120/80 mmHg, 1.2 3.4 5.6 7.8, from 2018-2019 to 2020.
We hope that he may walk. In the first week I will mark each step. One, two, three, four, five, six, seven: again.
The hospital was good, the school nurse came, and the clinic called. She rose at 6.30 am. Grade 3 of 5.
He is 12 years old, 140 cm and 38 kg. In April we waited. She may need a second or third dose, 2 of 4.
The street was icy. We met at the church, at work and at home. In English and in Spanish. NCT01234567, PMID: none.
"""


def test_ordinary_sentences_have_no_findings() -> None:
    from deidentification.identifiers import find

    assert [(one.kind, one.text) for one in find(ORDINARY)] == []


def test_interviews_have_no_more_findings_than_were_counted(shared_data: Path) -> None:
    counted = count_in_captions(sorted((shared_data / "interviews").glob("*.vtt")))
    assert counted.searched == 6742
    assert {kind: number for kind, number in counted.kinds.items() if number > INTERVIEWS.get(kind, 0)} == {}


@pytest.mark.django_db
def test_the_command_counts_pages_and_captions(
    home: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = story(after=[{"type": "text", "id": AFTER, "value": "<p>We live in Setúbal.</p>"}])
    type(page).objects.filter(pk=page.pk).update(live=True)
    assert count_on_pages().kinds == {"place": 1}
    (tmp_path / "a.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nI met Dr. Berg.\n", encoding="utf-8")
    call_command("count_findings", words=True)
    call_command("count_findings", captions=tmp_path)
    told = capsys.readouterr().out
    assert "1 pages about people: 1 findings (place 1)" in told
    assert "    1 place   Setúbal" in told
    assert "1 cues of 1 files: 1 findings (name 1)" in told


def test_a_folder_without_captions_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No file in"):
        call_command("count_findings", captions=tmp_path)
    (tmp_path / "a.vtt").write_text("No captions", encoding="utf-8")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("count_findings", captions=tmp_path)
