"""Editing the vocabulary in the admin."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from django.urls import reverse

from conditions.forms import TermChoiceField, TermMultipleChoiceField
from conditions.models import Condition, ConditionCode, ConditionName

pytestmark = pytest.mark.django_db


def address(view: str, *arguments: Any) -> str:
    return reverse(Condition.snippet_viewset.get_url_name(view), args=arguments)


@pytest.fixture
def brain() -> Condition:
    return Condition.add_root(name="Brain conditions")


@pytest.fixture
def palsy(brain: Condition) -> Condition:
    term = brain.add_child(name="Cerebral palsy")
    ConditionName.objects.create(term=term, name="CP", kind="abbreviation")
    ConditionCode.objects.create(term=term, system="mesh", code="D002547")
    return term


def posted(name: str, parent: Condition | None, **more: str) -> dict[str, str]:
    return {
        "name": name,
        "parent": str(parent.pk) if parent else "",
        "description": "",
        "slug": "",
        "names-TOTAL_FORMS": "0",
        "names-INITIAL_FORMS": "0",
        "names-MIN_NUM_FORMS": "0",
        "names-MAX_NUM_FORMS": "1000",
        "codes-TOTAL_FORMS": "0",
        "codes-INITIAL_FORMS": "0",
        "codes-MIN_NUM_FORMS": "0",
        "codes-MAX_NUM_FORMS": "1000",
        **more,
    }


def one(part: Tag, selector: str) -> Tag:
    found = part.select_one(selector)
    assert found is not None, f"nothing matches {selector}"
    return found


def text_of(response: Any) -> str:
    return BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)


def test_the_list_shows_the_tree_and_the_other_names(editor_client: Client, palsy: Condition) -> None:
    page = BeautifulSoup(editor_client.get(address("list")).content, "html.parser")
    titles = [one(cell, "a").get_text().strip("\n ") for cell in page.select("td.title")]
    assert titles == ["Brain conditions", "\u2003Cerebral palsy"]
    assert "CP" in one(page, "main table").get_text()


@pytest.mark.parametrize("typed", ["cp", "cereb", "D002547"])
def test_the_list_is_searched_by_lay_name_and_code(
    editor_client: Client, palsy: Condition, typed: str
) -> None:
    found = text_of(editor_client.get(address("list_results"), {"q": typed}))
    assert "Cerebral palsy" in found
    assert "Brain conditions" not in found


def test_both_vocabularies_are_in_one_menu(editor_client: Client) -> None:
    menu = editor_client.get(reverse("wagtailadmin_home")).content.decode()
    assert "Vocabulary" in menu
    assert address("list") in menu
    assert "/snippets/treatments/treatment/" in menu


def test_a_term_is_added_below_another_with_its_names_and_codes(
    editor_client: Client, palsy: Condition
) -> None:
    data = posted(
        "Spastic diplegia",
        palsy,
        **{
            "names-TOTAL_FORMS": "1",
            "names-0-name": "CP in the legs",
            "names-0-kind": "lay",
            "names-0-language": "en",
            "codes-TOTAL_FORMS": "1",
            "codes-0-system": "icd10cm",
            "codes-0-code": "g80.1",
        },
    )
    response = editor_client.post(address("add"), data)
    assert response.status_code == 302, text_of(response)
    term = Condition.objects.get(slug="spastic-diplegia")
    assert term.get_parent() == palsy
    assert term.all_words()[:3] == ["Spastic diplegia", "CP in the legs", "Cerebral palsy"]
    assert [code.code for code in term.codes.all()] == ["G80.1"]
    assert list(Condition.objects.matching("cp in the legs")) == [term]
    assert not any(Condition.find_problems())


def test_a_term_is_added_at_the_top(editor_client: Client, palsy: Condition) -> None:
    assert editor_client.post(address("add"), posted("Eyes", None)).status_code == 302
    assert Condition.objects.get(slug="eyes").depth == 1


def test_the_form_to_add_below_a_term_names_it(editor_client: Client, palsy: Condition) -> None:
    form = BeautifulSoup(editor_client.get(address("add"), {"parent": palsy.pk}).content, "html.parser")
    assert one(form, "select[name=parent] option[selected]")["value"] == str(palsy.pk)
    assert editor_client.get(address("add"), {"parent": "9" * 30}).status_code == 200


def test_a_wrong_code_is_reported_at_the_field_and_the_input_is_kept(
    editor_client: Client, palsy: Condition
) -> None:
    data = posted(
        "Spastic diplegia",
        palsy,
        **{"codes-TOTAL_FORMS": "1", "codes-0-system": "mesh", "codes-0-code": "G80.1"},
    )
    response = editor_client.post(address("add"), data)
    assert response.status_code == 200
    assert "A code in that system looks like D002547" in text_of(response)
    page = BeautifulSoup(response.content, "html.parser")
    assert one(page, "input[name='codes-0-code']")["value"] == "G80.1"
    assert one(page, "input[name=name]")["value"] == "Spastic diplegia"
    assert not Condition.objects.filter(name="Spastic diplegia").exists()


def test_changing_the_parent_moves_the_term_with_all_below_it(
    editor_client: Client, brain: Condition, palsy: Condition
) -> None:
    child = palsy.add_child(name="Spastic diplegia")
    other = Condition.add_root(name="Movement")
    data = posted("Cerebral palsy (renamed)", other, slug=palsy.slug)
    response = editor_client.post(address("edit", palsy.pk), data)
    assert response.status_code == 302, text_of(response)
    moved = Condition.objects.get(pk=palsy.pk)
    assert (moved.get_parent(), moved.name) == (other, "Cerebral palsy (renamed)")
    assert Condition.objects.get(pk=child.pk).get_parent() == moved
    assert list(Condition.objects.matching("renamed")) == [moved]
    editor_client.post(address("edit", palsy.pk), posted("Cerebral palsy", None, slug=palsy.slug))
    assert Condition.objects.get(pk=palsy.pk).depth == 1
    assert not any(Condition.find_problems())


def test_a_term_cannot_be_moved_below_itself(editor_client: Client, palsy: Condition) -> None:
    child = palsy.add_child(name="Spastic diplegia")
    for parent in (palsy, child):
        response = editor_client.post(
            address("edit", palsy.pk), posted("Cerebral palsy", parent, slug="cerebral-palsy")
        )
        assert response.status_code == 200
        assert "is below it" in text_of(response)
    assert Condition.objects.get(pk=palsy.pk).depth == 2


def test_an_edit_keeps_the_loaded_values_and_the_position(editor_client: Client, palsy: Condition) -> None:
    Condition.objects.filter(pk=palsy.pk).update(loaded={"name": {"by": "starter", "was": "Cerebral palsy"}})
    editor_client.post(address("edit", palsy.pk), posted("Other", palsy.get_parent(), slug="cerebral-palsy"))
    after = Condition.objects.get(pk=palsy.pk)
    assert (after.name, after.path) == ("Other", palsy.path)
    assert after.loaded == {"name": {"by": "starter", "was": "Cerebral palsy"}}


def test_an_unused_term_is_deleted(editor_client: Client, palsy: Condition) -> None:
    assert editor_client.post(address("delete", palsy.pk)).status_code == 302
    assert [(term.name, term.numchild) for term in Condition.objects.all()] == [("Brain conditions", 0)]


def test_a_term_with_terms_below_it_is_not_deleted_and_the_editor_sees_why(
    editor_client: Client, brain: Condition, palsy: Condition
) -> None:
    response = editor_client.post(address("delete", brain.pk), follow=True)
    assert "has 1 term below it" in text_of(response)
    assert Condition.objects.count() == 2


def test_a_term_used_by_a_page_is_not_deleted_alone_or_in_bulk(
    editor_client: Client, palsy: Condition, home: Any
) -> None:
    from treatments.models import Treatment, TreatmentIndexPage, TreatmentPage

    treatment = Treatment.add_root(name="Physiotherapy")
    index = home.add_child(instance=TreatmentIndexPage(title="Treatments", lede="What is known."))
    page = TreatmentPage(title="Physio for CP", lede="What is known.", condition=palsy, treatment=treatment)
    index.add_child(instance=page)
    response = editor_client.post(address("delete", palsy.pk), follow=True)
    assert "is used by 1 × " in text_of(response)
    bulk = reverse("wagtail_bulk_action", args=("conditions", "condition", "delete"))
    response = editor_client.post(f"{bulk}?id={palsy.pk}", follow=True)
    assert "is used by 1 × " in text_of(response)
    assert Condition.objects.filter(pk=palsy.pk).exists()


def test_every_relation_to_a_vocabulary_gets_the_picker() -> None:
    from experiences.models import StoryPage
    from treatments.models import TreatmentPage

    story, treatment = (
        StoryPage.get_edit_handler().get_form_class(),
        TreatmentPage.get_edit_handler().get_form_class(),
    )
    assert isinstance(story.base_fields["conditions"], TermMultipleChoiceField)
    assert isinstance(story.base_fields["treatments"], TermMultipleChoiceField)
    assert isinstance(treatment.base_fields["condition"], TermChoiceField)


def test_a_form_does_not_grow_with_the_vocabulary(editor_client: Client, palsy: Condition) -> None:
    before = len(editor_client.get(address("edit", palsy.pk)).content)
    Condition.objects.bulk_create(
        Condition(name=f"Term {n}", slug=f"t{n}", depth=1, path=Condition._get_path("", 1, n + 100))
        for n in range(2000)
    )
    page = editor_client.get(address("edit", palsy.pk)).content
    assert abs(len(page) - before) < 1000  # messages and tokens differ
    assert b"Term 1999" not in page


# What the field asks while an editor types ------------------------------------------------------------------


def asked(client: Client, typed: str, vocabulary: str = "conditions/condition") -> dict[str, Any]:
    response = client.get(f"/admin/terms/{vocabulary}/", {"q": typed})
    assert response.status_code == 200
    found: dict[str, Any] = response.json()
    return found


def test_terms_are_found_by_lay_name_code_and_the_terms_above(
    editor_client: Client, palsy: Condition
) -> None:
    diplegia = palsy.add_child(name="Spastic diplegia")
    ConditionName.objects.create(term=diplegia, name="Stiff legs", kind="lay")
    found = asked(editor_client, "cp")["terms"]
    assert [(term["name"], term["by"], term["above"]) for term in found] == [
        ("Cerebral palsy", "CP", ["Brain conditions"]),
        ("Spastic diplegia", "", ["Brain conditions", "Cerebral palsy"]),
    ]
    assert found[0]["codes"] == ["MeSH D002547"]
    for typed in ("D002547", "d0025", "céreb", "palsy brain"):
        assert asked(editor_client, typed)["terms"][0]["name"] == "Cerebral palsy", typed
    assert [term["name"] for term in asked(editor_client, "cp legs")["terms"]] == ["Spastic diplegia"]
    assert asked(editor_client, "nothing like this")["terms"] == []
    tree = asked(editor_client, "")
    assert tree["is_tree"]
    assert [term["depth"] for term in tree["terms"]] == [1, 2, 3]


def test_what_is_typed_can_be_anything(editor_client: Client, palsy: Condition) -> None:
    for typed in ("%", "_", '"', "\x00", "a" * 5000, "'; DROP TABLE", "٣", "(", "cp " * 200):
        asked(editor_client, typed)


def test_many_terms_are_found_in_few_queries_and_the_list_says_that_there_are_more(
    editor_client: Client, palsy: Condition, django_assert_max_num_queries: Any
) -> None:
    for number in range(70):
        palsy.add_child(name=f"Kind {number}")
    asked(editor_client, "kind")
    with django_assert_max_num_queries(12):
        found = asked(editor_client, "kind")
    assert (len(found["terms"]), found["more"]) == (60, True)


def test_only_those_who_may_use_the_admin_can_ask(client: Client, palsy: Condition) -> None:
    from django.contrib.auth.models import User

    where = "/admin/terms/conditions/condition/?q=cp"
    assert client.get(where).status_code == 302
    client.force_login(User.objects.create_user("visitor"))
    assert client.get(where, headers={"X-Requested-With": "XMLHttpRequest"}).status_code == 403


def test_only_vocabularies_can_be_asked(editor_client: Client) -> None:
    for other in ("auth/user", "conditions/conditionname", "nothing/here"):
        assert editor_client.get(f"/admin/terms/{other}/", {"q": "a"}).status_code == 404
    assert editor_client.post("/admin/terms/conditions/condition/").status_code == 405
