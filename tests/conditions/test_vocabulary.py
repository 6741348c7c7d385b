"""Queries on conditions: by name and by position in the tree, and the words that find a page."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from pytest_django import DjangoAssertNumQueries

from conditions.models import Condition, ConditionCode, ConditionName

pytestmark = pytest.mark.django_db


@pytest.fixture
def brain() -> Condition:
    return Condition.add_root(name="Brain conditions")


@pytest.fixture
def palsy(brain: Condition) -> Condition:
    term = brain.add_child(name="Cerebral palsy")
    ConditionName.objects.create(term=term, name="CP", kind="abbreviation")
    ConditionName.objects.create(term=term, name="parálisis cerebral", language="es")
    ConditionName.objects.create(term=term, name="الشلل الدماغي", language="ar")
    ConditionCode.objects.create(term=term, system="doid", code="DOID:1969")
    ConditionCode.objects.create(term=term, system="icd10cm", code="G80.9")
    return term


@pytest.fixture
def diplegia(palsy: Condition) -> Condition:
    term = palsy.add_child(name="Spastic diplegia")
    ConditionName.objects.create(term=term, name="CP in the legs")
    return term


@pytest.fixture
def bells(brain: Condition) -> Condition:
    return brain.add_child(name="Bell's palsy")


@pytest.mark.parametrize(
    "typed",
    [
        "cerebral palsy",
        "CEREBRAL  palsy",
        "cp",
        "C.P.",
        "Parálisis Cerebral",
        "paralisis",
        "الشلل",
        "G80.9",
        "doid:1969",
    ],
)
def test_a_condition_is_found_by_any_of_its_names_and_codes(
    typed: str, palsy: Condition, bells: Condition
) -> None:
    assert list(Condition.objects.matching(typed)) == [palsy]


def test_whole_words_count_and_parts_of_words_do_not(
    palsy: Condition, diplegia: Condition, bells: Condition
) -> None:
    assert set(Condition.objects.matching("palsy")) == {palsy, bells}
    assert list(Condition.objects.matching("cp")) == [palsy, diplegia]
    assert list(Condition.objects.matching("bells palsy")) == [bells]
    assert not Condition.objects.matching("als")


@pytest.mark.parametrize("typed", ["", "  ", "\0", "'", "%", "_", "\\", '"' * 50, "cp\0"])
def test_odd_searches_are_answered(typed: str, palsy: Condition) -> None:
    assert list(Condition.objects.matching(typed)) == ([palsy] if typed.startswith("cp") else [])
    list(Condition.objects.suggesting(typed))


def test_a_list_is_narrowed_by_the_beginnings_of_words(palsy: Condition, bells: Condition) -> None:
    assert list(Condition.objects.suggesting("cer pal")) == [palsy]
    assert list(Condition.objects.suggesting("G80")) == [palsy]
    assert Condition.objects.suggesting("").count() == 3


def test_descendants_come_with_their_ancestors_and_nothing_else(
    brain: Condition, palsy: Condition, diplegia: Condition, bells: Condition
) -> None:
    assert list(Condition.objects.with_descendants(palsy)) == [palsy, diplegia]
    assert list(Condition.objects.with_descendants([diplegia, palsy])) == [palsy, diplegia]
    assert list(Condition.objects.with_descendants(Condition.objects.filter(pk=brain.pk))) == [
        brain,
        palsy,
        diplegia,
        bells,
    ]
    assert not Condition.objects.with_descendants([])


def test_descendants_of_more_terms_than_a_database_takes_conditions() -> None:
    terms = [Condition.add_root(name=f"Term {number}") for number in range(405)]
    child = terms[3].add_child(name="Below")
    found = Condition.objects.with_descendants(Condition.objects.filter(depth=1))
    assert found.count() == 406
    assert child in found


def test_a_term_is_found_by_the_names_of_terms_above_it(
    diplegia: Condition, bells: Condition, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        words = diplegia.all_words()
    assert words[:3] == ["Spastic diplegia", "CP in the legs", "Cerebral palsy"]
    assert {"CP", "parálisis cerebral", "Brain conditions"} <= set(words)
    with django_assert_num_queries(2):
        many = Condition.objects.words_for([diplegia, bells])
    assert many == {diplegia.pk: words, bells.pk: ["Bell's palsy", "Brain conditions"]}


def test_names_and_codes_of_many_terms_take_one_query_each(
    diplegia: Condition, bells: Condition, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(3):
        terms = list(Condition.objects.with_words().with_codes())
        assert {name for term in terms for name in term.own_words()} >= {"CP", "Bell's palsy"}
        assert {code.url for term in terms for code in term.codes.all()} >= {
            "https://disease-ontology.org/?id=DOID:1969"
        }


def test_slugs_are_made_from_names_and_are_unique() -> None:
    first, second = Condition.add_root(name="Bell's palsy"), Condition.add_root(name="Bell’s  Palsy")
    assert (first.slug, second.slug) == ("bells-palsy", "bells-palsy-2")


def test_a_code_in_the_wrong_format_is_refused_at_its_field(palsy: Condition) -> None:
    code = ConditionCode(term=palsy, system="mesh", code="G80.1")
    with pytest.raises(ValidationError) as refused:
        code.full_clean()
    assert "D002547" in refused.value.message_dict["code"][0]
    code.code = "mesh: d002547"
    code.full_clean()
    assert code.code == "D002547"
    assert code.url.endswith("D002547")


def test_a_name_is_listed_once_in_a_language(palsy: Condition) -> None:
    with pytest.raises(ValidationError, match="already listed"):
        ConditionName(term=palsy, name="CP", language="en").full_clean()
    ConditionName(term=palsy, name="CP", language="ru").full_clean()


def test_deleting_a_term_deletes_the_terms_below_it_unless_one_is_used(
    palsy: Condition, diplegia: Condition
) -> None:
    from treatments.models import Treatment, TreatmentPage

    page = TreatmentPage(title="A page", condition=diplegia, treatment=Treatment.add_root(name="T"))
    page.path, page.depth, page.slug = "00010099", 2, "a-page"
    page.save(clean=False)
    for doomed in (diplegia, palsy, Condition.objects.filter(pk=palsy.pk)):
        with pytest.raises(ProtectedError):
            doomed.delete()
    assert [str(use) for use in diplegia.uses()] == [f"1 × {TreatmentPage._meta.verbose_name}"]
    TreatmentPage.objects.all().delete()
    palsy.delete()
    assert [term.name for term in Condition.objects.all()] == ["Brain conditions"]
