"""Loading vocabularies into the database: what is added, kept and reported."""

from __future__ import annotations

import csv
import json
import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from conditions.management.commands.load_conditions import Command
from conditions.models import Condition, ConditionCode, ConditionName
from conditions.obo import read_obo
from conditions.services import LoadReport, load_terms
from conditions.term_files import COLUMNS, read_csv

pytestmark = pytest.mark.django_db

HEAD = "slug,parent,name,lay_names,doid,mesh,description\n"
TREE = HEAD + "brain,,Brain,,,,\ncp,brain,Cerebral palsy,CP; palsy,1969,D002547,About movement.\n"


def load(text: str, source: str = "test", **options: Any) -> LoadReport:
    return load_terms(model=Condition, parsed=read_csv(text, source=source), **options)


def counts(report: LoadReport) -> tuple[int, int, int, int]:
    created, updated, moved, unchanged = (
        report.count(action) for action in ("created", "updated", "moved", "unchanged")
    )
    return created, updated, moved, unchanged


def everything() -> list[Any]:
    return [
        *Condition.objects.values_list("pk", "path", "numchild", "name", "slug", "description", "folded"),
        *ConditionName.objects.order_by("pk").values_list("term", "name", "language", "kind", "folded"),
        *ConditionCode.objects.order_by("pk").values_list("term", "system", "code"),
    ]


def run(*arguments: Any) -> str:
    out = StringIO()
    call_command("load_conditions", *arguments, stdout=out)
    return out.getvalue()


def test_a_table_becomes_a_tree() -> None:
    assert counts(load(TREE)) == (2, 0, 0, 0)
    palsy = Condition.objects.get(slug="cp")
    assert palsy.get_parent().slug == "brain"
    assert palsy.own_words() == ["Cerebral palsy", "CP", "palsy"]
    assert {str(code) for code in palsy.codes.all()} == {"DOID DOID:1969", "MeSH D002547"}
    assert list(Condition.objects.matching("cp")) == [palsy]
    assert not any(Condition.find_problems())


def test_the_second_time_nothing_changes() -> None:
    load(TREE)
    before = everything()
    assert counts(load(TREE)) == (0, 0, 0, 2)
    assert everything() == before


def test_a_dry_run_reports_the_same_and_writes_nothing() -> None:
    load(TREE)
    before = everything()
    text = TREE.replace("About movement.", "New words.") + "ms,brain,Multiple sclerosis,MS,,,\n"
    dry = load(text, dry_run=True)
    assert everything() == before
    assert counts(dry) == (1, 1, 0, 1)
    assert counts(load(text)) == (1, 1, 0, 1)
    assert Condition.objects.get(slug="cp").description == "New words."


def test_text_of_an_editor_is_kept() -> None:
    load(TREE)
    palsy = Condition.objects.get(slug="cp")
    palsy.description = "The editor's words."
    palsy.save()
    palsy.names.filter(name="palsy").delete()
    ConditionName.objects.create(term=palsy, name="brain palsy")
    report = load(
        TREE.replace("About movement.", "New words.").replace(",Cerebral palsy,", ",Cerebral Palsy!,")
    )
    palsy = Condition.objects.get(slug="cp")
    assert palsy.description == "The editor's words."
    assert palsy.name == "Cerebral Palsy!"
    assert sorted(palsy.own_words()[1:]) == ["CP", "brain palsy"]
    assert [change.kept for change in report.kept] == [["description"]]


def test_an_emptied_description_stays_empty() -> None:
    load(TREE)
    Condition.objects.filter(slug="cp").update(description="")
    load(TREE)
    assert Condition.objects.get(slug="cp").description == ""


def test_a_term_created_by_an_editor_is_completed_and_not_overwritten() -> None:
    mine = Condition.add_root(name="CP (my words)", slug="mine")
    ConditionCode.objects.create(term=mine, system="doid", code="DOID:1969")
    report = load(TREE)
    mine.refresh_from_db()
    assert counts(report) == (1, 1, 0, 0)
    assert (mine.name, mine.depth, mine.description) == ("CP (my words)", 1, "About movement.")
    assert mine.own_words() == ["CP (my words)", "Cerebral palsy", "CP", "palsy"]
    assert counts(load(TREE)) == (0, 0, 0, 2)


def test_a_loader_moves_what_it_placed_and_an_editor_has_not_moved() -> None:
    text = TREE + "legs,cp,Diplegia,,,,\narms,cp,Arms,,,,\n"
    load(text)
    other = Condition.add_root(name="Other")
    Condition.objects.get(slug="arms").move(other, "first-child")
    moved = text.replace("legs,cp", "legs,new").replace("arms,cp", "arms,new") + "new,brain,New group,,,,\n"
    report = load(moved)
    assert counts(report) == (1, 0, 1, 3)
    assert Condition.objects.get(slug="legs").get_parent().slug == "new"
    assert Condition.objects.get(slug="arms").get_parent().slug == "other"
    assert [change.term.slug for change in report.kept] == ["arms"]
    assert not any(Condition.find_problems())
    assert counts(load(moved)) == (0, 0, 0, 5)


def test_the_starter_vocabulary_outranks_other_files_in_any_order() -> None:
    ontology = read_obo('[Term]\nid: DOID:1969\nname: infantile palsy\ndef: "Technical." []\n', root="")
    for first, second in ((TREE, ontology), (ontology, TREE)):
        Condition.objects.all().delete()
        for given in (first, second, first, second):
            if isinstance(given, str):
                last = load(given, source="starter")
            else:
                last = load_terms(model=Condition, parsed=given)
        palsy = Condition.objects.get(codes__code="DOID:1969")
        assert (palsy.name, palsy.description) == ("Cerebral palsy", "About movement.")
        assert set(last.as_dict()) >= {"created", "updated", "unchanged", "refused", "rows"}
        assert last.count("unchanged") == len(last.changes)


def test_codes_that_are_only_shared_do_not_merge_terms() -> None:
    """Cross references are imprecise: several diseases have the MeSH code of their group."""
    load(TREE)
    text = HEAD + "hemi,,Hemiplegia,,10967,D002547,\nother,,Palsy of the brain,CP,,D002547,\n"
    report = load(text, source="other")
    assert [(change.term.slug, change.action) for change in report.changes] == [
        ("hemi", "created"),
        ("cp", "updated"),
    ]
    assert counts(load(text, source="other")) == (0, 0, 0, 2)


def test_rows_whose_parent_is_unknown_are_reported_and_the_rest_is_loaded() -> None:
    report = load(HEAD + "a,nowhere,A,,,,\nb,,B,,,,\nc,a,C,,,,\n")
    assert [(remark.row, remark.text) for remark in report.refused] == [(2, "A"), (4, "C")]
    assert [term.slug for term in Condition.objects.all()] == ["b"]


def test_two_terms_with_one_name_stay_separate() -> None:
    text = "[Term]\nid: X:1\nname: same\n\n[Term]\nid: X:2\nname: same\n"
    assert counts(load_terms(model=Condition, parsed=read_obo(text))) == (2, 0, 0, 0)
    assert counts(load_terms(model=Condition, parsed=read_obo(text))) == (0, 0, 0, 2)


# The command ----------------------------------------------------------------------------------------------


def test_the_starter_vocabulary_loads_and_loads_again() -> None:
    first = json.loads(run("--json").splitlines()[-1])
    assert first["created"] >= 150
    assert (first["refused"], first["rows"], first["left_out"]) == (0, [], [])
    before = everything()
    second = json.loads(run("--json").splitlines()[-1])
    assert (second["created"], second["updated"], second["unchanged"]) == (0, 0, first["created"])
    assert everything() == before
    assert not any(Condition.find_problems())


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("CP", "cerebral-palsy"),
        ("CP spectrum disorder", "cerebral-palsy"),
        ("MS", "multiple-sclerosis"),
        ("ADHD", "adhd"),
        ("TBI", "traumatic-brain-injury"),
        ("brain injury", "brain-injury"),
        ("high blood pressure", "high-blood-pressure"),
        ("stroke", "stroke"),
        ("ALS", "als"),
        ("MND", "motor-neurone-disease"),
        ("SMA", "spinal-muscular-atrophy"),
        ("autism", "autism"),
        ("ONH", "optic-nerve-hypoplasia"),
        ("DMD", "duchenne-muscular-dystrophy"),
        ("parálisis cerebral", "cerebral-palsy"),
        ("الشلل الدماغي", "cerebral-palsy"),
        ("التوحد", "autism"),
    ],
)
def test_what_people_type_finds_the_condition(typed: str, slug: str) -> None:
    run("--verbosity", "0")
    assert slug in Condition.objects.matching(typed).values_list("slug", flat=True)


def test_every_starter_condition_is_described_in_short_sentences() -> None:
    with Command.starter.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    for row in rows:
        sentences = [sentence for sentence in row["description"].replace("? ", ". ").split(". ") if sentence]
        assert 1 <= len(sentences) <= 3, row["slug"]
        assert max(len(sentence.split()) for sentence in sentences) <= 24, row["slug"]


def test_dry_run_lists_changes() -> None:
    said = run("--dry-run")
    assert "Dry run: nothing was written." in said
    assert "created  Cerebral palsy" in said
    assert not Condition.objects.exists()


def test_unusable_rows_are_reported_with_line_and_reason(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("name,mesh\nOne,nonsense\n,D002547\n", encoding="utf-8")
    said = run(str(path), "--json")
    assert "line 3: D002547: no name" in said
    assert "line 2: nonsense: " in said
    last = json.loads(said.splitlines()[-1])
    assert (last["created"], last["refused"]) == (1, 1)
    assert last["rows"] == [{"row": 3, "text": "D002547", "reason": "no name"}]


@pytest.mark.parametrize(("content", "says"), [("nothing here", "columns"), ("name\n,\n", "No row")])
def test_a_file_without_usable_rows_ends_in_an_error(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=says):
        run(str(path))


def test_a_file_named_starter_does_not_outrank_other_files(tmp_path: Path) -> None:
    load(TREE, source="first")
    path = tmp_path / "starter.csv"
    path.write_text(TREE.replace("About movement.", "Other words."), encoding="utf-8")
    run(str(path))
    assert Condition.objects.get(slug="cp").description == "About movement."


def test_the_human_disease_ontology_loads_in_a_minute_and_twice(shared_data: Path) -> None:
    first = load_ontology_twice(shared_data / "conditions" / "doid_2026-07-31_NCIthesaurus.obo")
    assert first["created"] > 4000
    assert first["refused"] == 7


def test_a_small_ontology_loads_over_the_starter_vocabulary_and_twice() -> None:
    """The counterpart in the repository: ten terms in the same layout."""
    first = load_ontology_twice(Path(__file__).parent / "data" / "ontology.obo")
    # Five of the ten terms are in the starter vocabulary, one is obsolete.
    assert (first["created"], first["refused"]) == (4, 1)


def load_ontology_twice(file: Path) -> dict[str, Any]:
    """Load `file` after the starter vocabulary, check that nothing moves or changes again, and return the report."""
    run("--verbosity", "0")
    ontology = str(file)
    started = time.process_time()
    first: dict[str, Any] = json.loads(run(ontology, "--json").splitlines()[-1])
    assert time.process_time() - started < 60
    assert not any(Condition.find_problems())
    assert Condition.objects.get(slug="cerebral-palsy").get_parent().slug == "brain-and-nerve-conditions"
    second = json.loads(run(ontology, "--json").splitlines()[-1])
    assert (second["created"], second["updated"], second["moved"]) == (0, 0, 0)
    assert second["unchanged"] == first["created"] + first["updated"] + first["unchanged"]
    third = json.loads(run("--json").splitlines()[-1])
    assert third["updated"] == third["created"] == 0
    below = run(ontology, "--root", "DOID:863", "--dry-run", "--json").splitlines()[-1]
    assert json.loads(below)["created"] == 0
    return first
