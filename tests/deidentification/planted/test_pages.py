"""Planted facts in every text field, block, list and table of the pages about a person: each is found."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from django.db import models
from modelcluster.models import get_all_child_relations
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.fields import RichTextField, StreamField

from deidentification import identifier_rule
from deidentification.identifier_rule import FoundIdentifier
from deidentification.identifiers import find
from deidentification.page_text import words_of
from deidentification.passages import unseen
from experiences.excerpt_quotes import RatingBlock
from media.models import Document
from publication.mixins import about_person_models
from tests.factories import DocumentFactory

from .facts import Fact, covers, facts, names

pytestmark = pytest.mark.django_db
PAGES = sorted(about_person_models(), key=lambda model: model.__name__)
LEAST_FACTS, LEAST_PLACES = 200, 120
# For editors only: the template of a quote has no place for them.
NEVER_SHOWN = frozenset({"said_by", "unnamed_because", "unnamed_note"})


def test_each_fact_is_found_in_a_sentence() -> None:
    missed = [
        fact.words for fact in facts() if not covers(find(fact.sentence, names()), fact.sentence, fact.words)
    ]
    assert missed == []
    assert len(facts()) >= LEAST_FACTS
    assert len({fact.words for fact in facts()}) == len(facts())


def test_the_sentence_alone_has_nothing_to_find() -> None:
    assert find(Fact("a spoon", "nothing", is_told=False).sentence, names()) == []


class Planter:
    """Puts one fact after the other into the places of a page, and remembers them."""

    def __init__(self, first: int) -> None:
        self.numbers = count(first)
        self.planted: list[tuple[str, Fact]] = []

    def next(self, place: str, *, told: bool = False) -> str:
        fact = facts()[next(self.numbers) % len(facts())]
        while told and not fact.is_told:
            fact = facts()[next(self.numbers) % len(facts())]
        self.planted.append((place, fact))
        return fact.sentence

    def value(self, block: Any, place: str) -> Any:
        """Return a stored value of a block, with a fact in each of its texts."""
        if isinstance(block, TypedTableBlock):
            text = next(
                name for name, child in block.child_blocks.items() if isinstance(child, blocks.CharBlock)
            )
            column = {"type": text, "heading": self.next(f"{place}.heading")}
            rows = [{"values": [self.next(f"{place}.cell")]}]
            return {"columns": [column], "rows": rows, "caption": self.next(f"{place}.caption")}
        if isinstance(block, blocks.StructBlock):
            shown = {name: child for name, child in block.child_blocks.items() if name not in NEVER_SHOWN}
            made = {name: self.value(child, f"{place}.{name}") for name, child in shown.items()}
            return {name: value for name, value in made.items() if value is not None}
        if isinstance(block, blocks.ListBlock):
            item = self.value(block.child_block, f"{place}.item")
            return [{"type": "item", "id": str(uuid.uuid4()), "value": item}]
        if isinstance(block, blocks.StreamBlock):
            return [self.item(child, f"{place}.{name}") for name, child in block.child_blocks.items()]
        if isinstance(block, blocks.RichTextBlock):
            return f"<p>{self.next(place)}</p>"
        if isinstance(block, RatingBlock):
            return None  # the program writes it: how close a quote is to the transcript
        return self.next(place) if isinstance(block, blocks.CharBlock | blocks.TextBlock) else None

    def item(self, block: Any, place: str) -> dict[str, Any]:
        return {"type": block.name, "id": str(uuid.uuid4()), "value": self.value(block, place)}

    def fields(self, holder: Any, hidden: frozenset[str], credit: frozenset[str]) -> None:
        for field in holder._meta.concrete_fields:
            if field.primary_key or not field.editable or field.name in hidden:
                continue
            place = f"{type(holder).__name__}.{field.name}"
            if field.related_model is Document:
                setattr(holder, field.name, DocumentFactory())
            if isinstance(field, StreamField):
                stream = field.stream_block
                stored = [self.item(child, f"{place}.{name}") for name, child in stream.child_blocks.items()]
                setattr(holder, field.name, stream.to_python(stored))
            elif (
                isinstance(field, models.CharField | models.TextField)
                and not field.choices
                and is_words(field)
            ):
                words = self.next(place, told=field.name in credit)
                setattr(holder, field.name, f"<p>{words}</p>" if isinstance(field, RichTextField) else words)


def is_words(field: Any) -> bool:
    return field.get_internal_type() in {"CharField", "TextField"} and type(field).__name__ != "CountryField"


def planted(model: Any, first: int) -> tuple[Any, Planter]:
    page, planter = model(slug="a"), Planter(first)
    planter.fields(page, unseen(page), page.credit_fields)
    for relation in get_all_child_relations(model):
        name = relation.get_accessor_name()
        if name not in unseen(page) and name != "tagged_items":
            row = relation.related_model()
            told = (
                frozenset(column.name for column in row._meta.concrete_fields)
                if name in page.credit_fields
                else frozenset()
            )
            planter.fields(row, frozenset({relation.field.name}), told)
            setattr(page, name, [row])
    return page, planter


@pytest.mark.parametrize("model", PAGES, ids=lambda model: model.__name__)
def test_each_fact_is_found_in_every_text_of_a_page(model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identifier_rule, "names_of", lambda _page: list(names()))
    pairs, missed, first = 0, [], 0
    while first < len(facts()):
        page, planter = planted(model, first)
        searched = list(found_on(page))
        for place, fact in planter.planted:
            if not any(one.finding.text and is_of(one, fact) for one in searched):
                missed.append((place, fact.words))
        pairs += len(planter.planted)
        first += max(1, len(planter.planted))
    print(f"{model.__name__}: {pairs} facts planted, {len(missed)} missed")
    assert missed == [], missed
    assert pairs >= LEAST_FACTS


def found_on(page: Any) -> Iterator[FoundIdentifier]:
    for passage in words_of(page, ()):
        for finding in identifier_rule._find(passage, list(names()), page):
            yield FoundIdentifier(passage, finding)


def is_of(one: FoundIdentifier, fact: Fact) -> bool:
    text = one.passage.text
    wanted = " ".join(fact.words.split())
    at = text.find(f"and then {wanted};")
    return at >= 0 and one.finding.at < at + 9 + len(wanted) and one.finding.end > at + 9


def test_a_page_has_many_places() -> None:
    for model in PAGES:
        _page, planter = planted(model, 0)
        places = [place for place, _fact in planter.planted]
        assert len(set(places)) == len(places), model
    assert sum(len(planted(model, 0)[1].planted) for model in PAGES) >= LEAST_PLACES
