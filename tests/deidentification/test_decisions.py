"""Decisions about words that may identify a person, and the passages in which such words are searched for."""

from __future__ import annotations

from typing import Any

import pytest

from audit.actors import Actor
from audit.models import AuditEntry
from deidentification import services
from deidentification.models import KeptIdentifier
from deidentification.passages import Passage, passages, unseen
from experiences.models import FollowUp, StoryPage
from tests import factories as make
from uploads.errors import EditorError

pytestmark = pytest.mark.django_db
TASK = Actor.system("test")
BLOCK = "b0000000-0000-4000-8000-000000000001"


@pytest.fixture
def page() -> StoryPage:
    """A story in memory, of a person on record."""
    return StoryPage(pk=7, person=make.PersonFactory())


def keep(page: Any, text: str = "Setúbal", **more: Any) -> KeptIdentifier:
    given: dict[str, Any] = {"kind": "place", "reason": "They asked for it.", "by": TASK, **more}
    return services.keep_identifier(page=page, text=text, **given)


def test_a_decision_has_its_words_its_reason_and_its_editor(page: Any, editor: Any) -> None:
    kept = keep(page, by=Actor.of(editor), reason="  They asked for it.  ")
    assert KeptIdentifier.objects.get() == kept
    assert (kept.person, kept.kind, kept.text, kept.key) == (page.person, "place", "Setúbal", "setúbal")
    assert (kept.reason, kept.by, kept.by_name) == ("They asked for it.", editor, "editor")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.thing) == ("identifier.keep", f"deidentification.keptidentifier:{kept.pk}")
    assert (entry.person_number, entry.details) == (page.person_id, {"page": 7, "kind": "place"})
    assert "etúbal" not in f"{kept} {entry.details}"


def test_the_last_decision_about_the_same_words_counts(page: Any) -> None:
    first = keep(page)
    second = keep(page, "SETÚBAL", reason="It is in the press.")
    assert first.pk == second.pk
    kept = KeptIdentifier.objects.get()
    assert (kept.text, kept.reason, kept.by, kept.by_name) == ("SETÚBAL", "It is in the press.", None, "test")
    keep(page, kind="name")
    assert KeptIdentifier.objects.count() == 2
    assert AuditEntry.objects.filter(action="identifier.keep").count() == 3


def test_long_words_are_kept_and_found_again(page: Any) -> None:
    words = "Straße " * 60
    kept = keep(page, words)
    assert len(kept.text) == 300
    assert len(kept.key) == 300
    services.reopen_identifier(page=page, kind="place", text=words.upper(), by=TASK)
    assert not KeptIdentifier.objects.exists()


@pytest.mark.parametrize("reason", ["", "   ", " ok "])
def test_a_decision_needs_a_reason(page: Any, reason: str) -> None:
    with pytest.raises(EditorError, match="Give a reason"):
        keep(page, reason=reason)
    assert not KeptIdentifier.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_decision_needs_a_person() -> None:
    with pytest.raises(EditorError, match="Choose the person first"):
        keep(StoryPage(pk=7))
    assert not AuditEntry.objects.exists()


def test_a_reopened_decision_is_removed_and_recorded(page: Any) -> None:
    kept, other = keep(page), keep(page, "Porto")
    services.reopen_identifier(page=page, kind="place", text="setúbal", by=TASK)
    assert list(KeptIdentifier.objects.all()) == [other]
    entry = AuditEntry.objects.get(action="identifier.reopen")
    assert (entry.thing, entry.person_number) == (
        f"deidentification.keptidentifier:{kept.pk}",
        page.person_id,
    )


@pytest.mark.parametrize("given", [("place", "Porto"), ("name", "Setúbal")])
def test_what_was_decided_elsewhere_is_not_reopened_here(page: Any, given: tuple[str, str]) -> None:
    keep(page)
    kind, words = given
    with pytest.raises(EditorError, match="decided in the interview"):
        services.reopen_identifier(page=page, kind=kind, text=words, by=TASK)
    with pytest.raises(EditorError):
        services.reopen_identifier(
            page=StoryPage(pk=8, person=make.PersonFactory()), kind="place", text="Setúbal", by=TASK
        )
    assert KeptIdentifier.objects.count() == 1


# Passages ---------------------------------------------------------------------------------------------------


def by_part(page: Any) -> dict[str, Passage]:
    return {passage.part: passage for passage in passages(page)}


def test_each_field_is_a_passage_in_the_order_of_the_page(page: Any) -> None:
    page.title, page.lede, page.teller_name = "Fourteen  stairs", "She\n climbs.", "Marta"
    page.before = [{"type": "text", "id": BLOCK, "value": "<p>No <b>lift</b>.</p><p>None.</p>"}]
    found = by_part(page)
    assert [part for part in found if part in {"field:title", "field:lede", f"block:{BLOCK}"}] == [
        "field:title",
        "field:lede",
        f"block:{BLOCK}",
    ]
    assert found["field:title"].text == "Fourteen stairs"
    assert (found["field:lede"].text, found["field:lede"].label) == ("She climbs.", "Opening words")
    assert found["field:lede"].kind == "TextField"
    block = found[f"block:{BLOCK}"]
    assert (block.kind, block.label.endswith(", Before")) == ("text", True)
    assert "lift" in block.text
    assert "<" not in block.text
    assert block.value is page.before[0].value


def test_choices_switches_and_pictures_are_passages_in_words(page: Any) -> None:
    page.relation, page.dot_agreed = "parent", True
    page.picture = make.PictureFactory(alt_text="A woman on the stairs")
    found = by_part(page)
    assert found["field:relation"].text == page.get_relation_display()
    assert found["field:dot_agreed"].text == "yes"
    assert found["field:picture"].text == "A woman on the stairs"
    page.dot_agreed = False
    assert by_part(page)["field:dot_agreed"].text == "no"


def test_a_row_of_a_table_is_one_passage(page: Any) -> None:
    page.follow_ups = [
        FollowUp(months=6, reported_by="Her mother", observation="Three stairs."),
        FollowUp(months=12, observation="Nothing had changed."),
    ]
    found = by_part(page)
    first, second = found["row:follow_ups:1"], found["row:follow_ups:2"]
    assert (first.label, first.text) == ("Follow-up 1", "6 · Her mother · Three stairs.")
    assert second.text == "12 · Nothing had changed."


def test_what_no_visitor_sees_is_not_a_passage(page: Any) -> None:
    page.person.private_name = "Rosa Ferreira"
    page.compiled_from = {"interview": 1}
    page.slug, page.search_description, page.reading_minutes = "rosa-ferreira", "For search engines", 9
    hidden = {"person", "compiled_from", "slug", "reading_minutes"}
    assert {"person", "compiled_from", "slug"} <= unseen(page)
    assert "search_description" not in unseen(page)
    found = by_part(page)
    assert not {f"field:{name}" for name in hidden} & found.keys()
    assert found["field:search_description"].text == "For search engines"
    assert all(passage.text for passage in found.values())
    assert "field:lede" not in found
