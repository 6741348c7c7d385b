"""Bulk writes send no signals, so `shared_changes.guard` does not see them. Each one in our code that writes a field
which visitors see of a shared object is listed here with why it is harmless; a new one fails.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conditions.models import Condition
from conditions.services import load_terms
from conditions.term_files import read_csv
from shared_changes.guard import SharedChangeRefused
from shared_changes.registry import is_part, shared_models, shared_of, watched_fields
from tests import factories as make
from tests.shared_changes.requests import NAME

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("site", "media", "experiences", "casestudies")
# File and function, and why nothing that is public changes past the rules.
REVIEWED = {
    "experiences/personal_data.py:remove_quotes": "takes quotes out of a story",
    "experiences/surfaces.py:take_down_in_transaction": "takes the file from a clip",
    "media/models/clip.py:wanted": "clips of parts that the gate has judged",
    "site/cohorts/treatment_figures.py:refresh": "figures of a published version, after disclosure control",
    "site/conditions/services.py:_write": "names of new terms, which no page shows, and codes",
    "site/conditions/services.py:_write_new": "new terms, which no page shows",
    "site/consent/services.py:empty_for_erasure": "consents are private",
    "site/importing/bulk.py:_insert_terms": "links of new drafts to their terms",
    "site/interviews/importing.py:_replace": "interviews are private; a story keeps its own transcript",
    "site/mentions/erasing.py:_erase_from_logs": "logs of the admin",
    "site/mentions/quiet.py:write": "takes words out, and adds none",
    "site/publication/together.py:_update_rows": "drafts that the gate has judged",
    "site/shared_changes/operations.py:apply_quietly": "changes that were judged and released",
    "site/withdrawal/erasure/services.py:_empty": "a person's private record",
    "site/withdrawal/erasure/services.py:_erase_log_texts": "logs of the admin",
}


def written(call: ast.Call) -> Iterator[str]:
    """Yield the names of the fields that a call writes; '*' where they are computed."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    if name == "update" and is_queryset(call.func.value):  # type: ignore[attr-defined]
        yield from (keyword.arg or "*" for keyword in call.keywords)
    if name == "bulk_update":
        fields = call.args[1] if len(call.args) > 1 else None
        if isinstance(fields, ast.List):
            yield from (str(each.value) if isinstance(each, ast.Constant) else "*" for each in fields.elts)
        else:
            yield "*"
    if name in {"bulk_create", "raw"} and is_queryset(call.func.value):  # type: ignore[attr-defined]
        model = ast.unparse(call.func.value).split(".")[0]  # type: ignore[attr-defined]
        if not model[:1].isupper() or model in PARTS:
            yield name


def is_queryset(value: ast.expr) -> bool:
    """Return whether an expression reads like rows of the database: 'Page.objects.filter(...)', 'row_of(x)'."""
    text = ast.unparse(value)
    words = (".objects", "_manager", ".filter(", ".exclude(", ".all()", "row_of(", "queryset")
    return any(word in text for word in words) or text in {"rows", "found", "self"}


def functions(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node


def bulk_writes() -> dict[str, set[str]]:
    """Return what bulk writes in our code write, by file and function."""
    found: dict[str, set[str]] = {}
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*.py")):
            if {"migrations", "node_modules"} & set(file.parts):
                continue
            for name, function in functions(ast.parse(file.read_text(encoding="utf-8"))):
                for node in ast.walk(function):
                    if isinstance(node, ast.Call) and (fields := set(written(node))):
                        found.setdefault(f"{file.relative_to(ROOT)}:{name}", set()).update(fields)
    return found


def seen_by_visitors() -> set[str]:
    """Return the names of all fields that visitors see of shared objects and their parts."""
    names: set[str] = set()
    for model in shared_models():
        names |= watched_fields(model)
        shared = shared_of(model)
        for _part, _back, fields in shared.parts if shared else ():
            names |= fields
    return names


PARTS = {
    part.__name__
    for model in shared_models()
    for part, _back, _fields in (shared_of(model).parts if shared_of(model) else ())
    if is_part(part)
}


def test_no_bulk_write_changes_what_visitors_see_past_the_rules() -> None:
    seen = seen_by_visitors() | {"*", "bulk_create", "raw"}
    risky = {where: sorted(fields & seen) for where, fields in bulk_writes().items() if fields & seen}
    assert {where: fields for where, fields in risky.items() if where not in REVIEWED} == {}
    assert set(REVIEWED) <= set(risky), "remove what is not written any more"


@pytest.mark.django_db
def test_a_loaded_word_that_names_a_person_is_refused_on_a_public_term(home: Any) -> None:
    table = "slug,parent,name,lay_names,doid,mesh,description\ncp,,Cerebral palsy,,1969,,About movement.\n"

    def load(text: str) -> None:
        load_terms(model=Condition, parsed=read_csv(text, source="test"))

    load(table)
    term = Condition.objects.get(name="Cerebral palsy")
    make.StoryPageFactory(person=make.consenting(private_name=NAME), conditions=[term])
    with pytest.raises(SharedChangeRefused):
        load(table.replace("About movement.", f"As {NAME} has it."))
    term.refresh_from_db()
    assert term.description == "About movement."
