"""Importing twice, after changes in the archive, after changes by an editor, and what is refused."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Page, PageLogEntry, Revision

from experiences.models import StoryPage
from importing.models import ImportedFile, ImportedStory
from media.models import Document, Picture
from publication.checklist import checklist
from publication.models import Clearance
from tests import factories as make
from tests.importing import archives
from tests.importing.archives import a_row, draft_of, imported, json_lines, take_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def words(db: None) -> None:
    archives.vocabulary()


def test_a_story_is_imported_as_a_draft(tmp_path: Path) -> None:
    assert take_in(json_lines(tmp_path / "a.jsonl", [a_row()])).counts == {"created": 1}
    draft = draft_of("s1")
    assert (draft.title, draft.patient_name, draft.country.code, draft.age_at_treatment) == (
        "The stairs, 1", "Ines", "PT", 6,
    )  # fmt: skip
    assert (draft.outcome, draft.relation, draft.live) == ("good", "parent", False)
    assert [str(term) for term in draft.conditions.all()] == ["Cerebral palsy"]
    assert [str(term) for term in draft.treatments.all()] == ["Cord blood"]
    assert sorted(item.tag.name for item in draft.tagged_items.all()) == ["school", "stairs"]
    assert archives.words_of(draft.before) == [
        ("text", "<p>At five she could stand.</p><p>She held the table.</p>")
    ]
    kind, quote = archives.words_of(draft.during)[1]
    assert (kind, quote["text"], quote["speaker"]) == ("quote", "No one promised us she would walk.", "Marta")
    assert archives.words_of(draft.after) == [
        ("text", "<p>She climbs <b>five</b> stairs.</p><ul><li>one</li><li>two</li></ul>")
    ]
    assert [(row.months, row.observation) for row in draft.follow_ups.all()] == [
        (3, "Nothing had changed."), (12, "She climbs five stairs."),
    ]  # fmt: skip
    assert (draft.visits, draft.followed_months) == ([3, 12], 12)


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    path = json_lines(tmp_path / "a.jsonl", [a_row(1), a_row(2)])
    take_in(path)
    before = (Revision.objects.count(), PageLogEntry.objects.count(), Page.objects.count())
    assert take_in(path).counts == {"unchanged": 2}
    assert (Revision.objects.count(), PageLogEntry.objects.count(), Page.objects.count()) == before


def test_a_changed_row_is_a_new_draft(tmp_path: Path) -> None:
    take_in(json_lines(tmp_path / "a.jsonl", [a_row()]))
    first = imported("s1").page
    assert first is not None
    report = take_in(
        json_lines(tmp_path / "a.jsonl", [a_row(lede="Two years later.", tags=["stairs", "speech"])])
    )
    assert report.counts == {"changed": 1}
    assert "lede" in report.lines[0].notes[0]
    draft = draft_of("s1")
    assert draft.lede == "Two years later."
    assert sorted(item.tag.name for item in draft.tagged_items.all()) == ["speech", "stairs"]
    assert first.revisions.count() == 2
    assert first.__class__.objects.get(pk=first.pk).live is False
    assert take_in(
        json_lines(tmp_path / "a.jsonl", [a_row(lede="Two years later.", tags=["stairs", "speech"])])
    ).counts == {"unchanged": 1}


def test_a_field_that_the_archive_empties_is_emptied(tmp_path: Path) -> None:
    take_in(json_lines(tmp_path / "a.jsonl", [a_row()]))
    row = a_row()
    del row["lede"], row["follow_ups"]
    assert take_in(json_lines(tmp_path / "a.jsonl", [row])).counts == {"changed": 1}
    draft = draft_of("s1")
    assert (draft.lede, list(draft.follow_ups.all()), draft.visits) == ("", [], [])
    assert take_in(json_lines(tmp_path / "a.jsonl", [row])).counts == {"unchanged": 1}


def edit(external_id: str, **fields: Any) -> StoryPage:
    """What an editor does in the admin."""
    draft = draft_of(external_id)
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save_revision(log_action=True)
    return draft


def test_fields_of_an_editor_stay_when_the_archive_changes_others(tmp_path: Path) -> None:
    take_in(json_lines(tmp_path / "a.jsonl", [a_row()]))
    edit("s1", lede="The editor's words.", tone="honey")
    report = take_in(json_lines(tmp_path / "a.jsonl", [a_row(teller_name="Marta and Ines")]))
    assert report.counts == {"changed": 1}
    draft = draft_of("s1")
    assert (draft.lede, draft.teller_name, draft.tone) == ("The editor's words.", "Marta and Ines", "honey")


def test_a_conflict_is_reported_and_both_versions_are_kept(tmp_path: Path) -> None:
    take_in(json_lines(tmp_path / "a.jsonl", [a_row()]))
    edit("s1", lede="The editor's words.")
    changed = a_row(lede="The archive's words.", teller_name="Marta and Ines")
    report = take_in(json_lines(tmp_path / "a.jsonl", [changed]))
    assert report.counts == {"conflict": 1}
    assert "lede" in report.lines[0].notes[0]
    assert draft_of("s1").lede == "The editor's words."
    origin = imported("s1")
    assert origin.conflict is not None
    kept = origin.conflict.as_object()
    assert (kept.lede, kept.teller_name) == ("The archive's words.", "Marta and Ines")
    assert origin.page is not None
    # The draft is still the editor's, for Wagtail too.
    newest = origin.page.revisions.order_by("-created_at", "-id").first()
    assert newest is not None
    assert newest.pk == origin.page.latest_revision_id != origin.conflict.pk
    assert newest.is_latest_revision()
    assert PageLogEntry.objects.filter(
        page=origin.page_id, action="importing.conflict", revision=origin.conflict
    ).exists()
    assert any("another version" in line.title for line in checklist(draft_of("s1")).lines)
    # Reported once; the same file again is nothing new.
    assert take_in(json_lines(tmp_path / "a.jsonl", [changed])).counts == {"unchanged": 1}
    # An editor takes the archive's words: the next change of the archive does not conflict.
    edit("s1", lede="The archive's words.", teller_name="Marta and Ines")
    report = take_in(json_lines(tmp_path / "a.jsonl", [{**changed, "diagnosis": "Diplegia"}]))
    assert report.counts == {"changed": 1}, report.lines
    assert imported("s1").conflict is None


def test_the_editor_in_the_browser_makes_no_conflict(tmp_path: Path, editor_client: Client) -> None:
    """Wagtail's editor gives paragraphs keys and stores its blocks again: that changes nothing."""
    take_in(json_lines(tmp_path / "a.jsonl", [a_row()]))
    draft = draft_of("s1")
    for part in ("before", "after"):
        stream = getattr(draft, part).get_prep_value()
        stream[0]["value"] = stream[0]["value"].replace("<p>", '<p data-block-key="x1y2z">')
        field: Any = StoryPage._meta.get_field(part)
        setattr(draft, part, field.stream_block.to_python(stream))
    draft.save_revision()
    report = take_in(json_lines(tmp_path / "a.jsonl", [a_row(before="All is new.", after="New too.")]))
    assert report.counts == {"changed": 1}, report.lines


def test_a_deleted_story_stays_deleted(tmp_path: Path) -> None:
    path = json_lines(tmp_path / "a.jsonl", [a_row()])
    take_in(path)
    page = imported("s1").page
    assert page is not None
    page.delete()
    report = take_in(path)
    assert report.counts == {"unchanged": 1}
    assert "deleted" in report.lines[0].notes[0]
    assert ImportedStory.objects.get().external_id == ""
    assert not StoryPage.objects.exists()


REFUSED = [
    ({"id": ""}, "no id"),
    ({"title": " "}, "no title"),
    ({"age_at_treatment": "six"}, "whole years"),
    ({"country": "Atlantis"}, "country"),
    ({"outcome": "wonderful"}, "Write one of: good"),
    ({"lede": "x" * 501}, "Shorten it to 500"),
    ({"patient_name": "Inês Maria Oliveira"}, "full name"),
    ({"follow_ups": [{"months": "soon", "observation": "x"}]}, "whole months"),
    ({"follow_ups": [{"months": 3}]}, "no observation"),
    ({"picture": "missing.jpg", "picture_description": "A girl on the stairs."}, "not there"),
    ({"picture": "../../etc/passwd", "picture_description": "A girl on the stairs."}, "not there"),
    ({"picture": "note.png", "picture_description": "A girl on the stairs."}, "not a picture"),
    ({"picture": "real.png"}, "no description"),
    ({"documents": ["note.pdf"]}, "damaged or is not"),
    ({"during": [{"type": "raw_html", "value": "<script>"}]}, "of type"),
    ({"during": [{"type": "figure", "file": "missing.png", "description": "A girl on the stairs."}]}, "not there"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "why"), REFUSED, ids=[why for _change, why in REFUSED])
def test_a_row_that_cannot_be_used_is_refused_with_the_reason(
    tmp_path: Path, change: dict[str, Any], why: str
) -> None:
    (tmp_path / "note.png").write_text("not a picture")
    (tmp_path / "note.pdf").write_text("not a PDF")
    (tmp_path / "real.png").write_bytes(make.png().read())
    report = take_in(json_lines(tmp_path / "a.jsonl", [a_row(1, **change), a_row(2)]))
    assert report.counts == {"refused": 1, "created": 1}
    line = report.lines[0]
    assert line.place == "a.jsonl, line 1"
    assert why in line.notes[0]
    assert not Picture.objects.exists()
    assert not Document.objects.exists()


def test_slugs_are_different_and_look_like_no_number(tmp_path: Path) -> None:
    """Digits at the end of an address were taken for a telephone number by the search for identifiers."""
    rows = [a_row(number, title="The stairs") for number in range(60)]
    rows += [a_row(number, title="القصة", slug="same") for number in (60, 61)]
    take_in(json_lines(tmp_path / "a.jsonl", rows))
    slugs = list(StoryPage.objects.order_by("path").values_list("slug", flat=True))
    assert len(set(slugs)) == 62
    assert all(not any(letter.isdigit() for letter in slug) for slug in slugs)
    assert slugs[60] == "same"
    assert slugs[61].startswith("same-")


def test_an_id_that_is_used_twice_is_refused(tmp_path: Path) -> None:
    report = take_in(json_lines(tmp_path / "a.jsonl", [a_row(1), a_row(1, title="Another")]))
    assert report.counts == {"created": 1, "refused": 1}
    assert "Give each story its own id" in report.lines[0].notes[0]


def test_terms_are_found_by_name_lay_name_and_code_and_the_rest_is_kept(tmp_path: Path) -> None:
    from conditions.models import Condition, ConditionCode

    palsy = Condition.objects.get(name="Cerebral palsy")
    ConditionCode.objects.create(term=palsy, system="mesh", code="D002547")
    for number, name in enumerate(("cerebral palsy", "LITTLES DISEASE", "MESH:D002547", "C.P."), start=1):
        take_in(json_lines(tmp_path / "a.jsonl", [a_row(number, conditions=[name])]))
        found = [str(term) for term in draft_of(f"s{number}").conditions.all()]
        assert found == (["Cerebral palsy"] if number < 4 else []), name
    report = take_in(json_lines(tmp_path / "b.jsonl", [a_row(9, conditions=["CP", "Unknown illness"])]))
    assert report.counts == {"created": 1}
    assert "Unknown illness" in report.lines[0].notes[0]
    assert imported("s9").note["unmatched"] == {"conditions": ["Unknown illness"]}
    titles = [line.title for line in checklist(draft_of("s9")).lines]
    assert any("Unknown illness" in title for title in titles)
    # The term is added to the vocabulary: the next run finds it.
    make.ConditionFactory(name="Unknown illness")
    report = take_in(json_lines(tmp_path / "b.jsonl", [a_row(9, conditions=["CP", "Unknown illness"])]))
    assert report.counts == {"changed": 1}
    assert imported("s9").note == {}


def test_unknown_columns_are_reported_and_kept(tmp_path: Path) -> None:
    report = take_in(json_lines(tmp_path / "a.jsonl", [a_row(shoe_size="31")]))
    assert report.counts == {"created": 1}
    assert any("‘shoe_size’" in note for note in report.notes)
    assert imported("s1").note["kept"] == {"shoe_size": "31"}
    assert any("shoe_size" in line.title for line in checklist(draft_of("s1")).lines)


def test_pictures_and_documents_are_stored_once_for_the_same_content(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "stairs.png").write_bytes(make.png().read())
    (tmp_path / "copy.png").write_bytes((tmp_path / "a" / "stairs.png").read_bytes())
    (tmp_path / "report.pdf").write_bytes(make.PDF)
    words = "A girl on the stairs, one hand on the rail."
    figure = {
        "type": "figure",
        "file": "copy.png",
        "description": "She stands on stair five.",
        "caption": "Spring.",
    }
    rows = [
        a_row(1, picture="a/stairs.png", picture_description=words, during=[figure], documents="report.pdf"),
        a_row(2, picture="copy.png", picture_description=words, documents=["report.pdf"]),
    ]
    path = json_lines(tmp_path / "a.jsonl", rows)
    report = take_in(path)
    assert report.counts == {"created": 2}, report.lines
    assert (Picture.objects.count(), Document.objects.count(), ImportedFile.objects.count()) == (1, 1, 2)
    picture = Picture.objects.get()
    draft = draft_of("s1")
    assert (draft.picture_id, picture.alt_text) == (picture.pk, words)
    value = archives.words_of(draft.during)[0][1]
    assert (value["picture"], value["alt"], value["caption"]) == (
        picture.pk,
        figure["description"],
        "Spring.",
    )
    assert archives.words_of(draft.after)[-1][1]["document"] == Document.objects.get().pk
    assert take_in(path).counts == {"unchanged": 2}


def test_a_dry_run_writes_nothing_and_says_the_same(tmp_path: Path) -> None:
    (tmp_path / "stairs.png").write_bytes(make.png().read())
    take_in(json_lines(tmp_path / "a.jsonl", [a_row(1), a_row(2)]))
    edit("s2", lede="The editor's words.")
    new = a_row(
        3, tags=["never seen"], picture="stairs.png", picture_description="A girl on the stairs, smiling."
    )
    rows = [a_row(1, lede="Changed."), a_row(2, lede="Changed too."), new, a_row(4, outcome="?!"), a_row(4)]
    path = json_lines(tmp_path / "a.jsonl", rows)
    tables = (Page, Revision, PageLogEntry, ImportedStory, Picture, ImportedFile)

    def state() -> list[int]:
        from taggit.models import Tag

        return [model.objects.count() for model in (*tables, Tag)]

    before = state()
    counted = take_in(path, dry_run=True).counts
    assert state() == before
    assert counted == take_in(path).counts == {"changed": 1, "conflict": 1, "created": 2, "refused": 1}


def test_the_command_writes_a_report(tmp_path: Path, editor: Any) -> None:
    path = json_lines(tmp_path / "a.jsonl", [a_row(1), a_row(2, outcome="?", title="=cmd()")])
    archives.index()
    found = archives.command("import_stories", path, "--report", tmp_path / "r.csv", "--by", editor.username)
    assert (found["created"], found["refused"]) == (1, 1)
    rows = list(csv.DictReader((tmp_path / "r.csv").open(encoding="utf-8-sig")))
    assert [row["what"] for row in rows] == ["created", "refused"]
    assert rows[1]["where"] == "a.jsonl, line 2"
    assert rows[1]["title"] == "'=cmd()"
    assert rows[1]["notes"].startswith("‘outcome’ is ‘?’")
    page = imported("s1", source="a").page
    assert page is not None
    assert page.owner == editor == PageLogEntry.objects.filter(page=page.pk).first().user
    with pytest.raises(CommandError, match="No row could be used"):
        call_command("import_stories", json_lines(tmp_path / "b.jsonl", [{"id": "x"}]), verbosity=0)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-10, 200) | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from(
    [*a_row(), "live", "status", "first_published_at", "has_unpublished_changes", "person", "slug"]
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(changes=st.dictionaries(NAMES, ANYTHING, max_size=4))
def test_whatever_a_row_says_the_story_is_a_draft(tmp_path: Path, changes: dict[str, Any]) -> None:
    rows = [a_row(1, live=True, status="publish"), {**a_row(2), **changes}]
    report = take_in(json_lines(tmp_path / "a.jsonl", rows))
    assert sum(report.counts.values()) == 2
    assert report.counts["created"] + report.counts["changed"] + report.counts["unchanged"] >= 1
    assert not StoryPage.objects.filter(live=True).exists()
    assert not StoryPage.objects.exclude(first_published_at=None).exists()
    assert not Clearance.objects.exists()
    for page in StoryPage.objects.all():
        assert page.get_latest_revision_as_object().live is False
        assert page.get_latest_revision_as_object().person_id is None
