"""The field in which an editor chooses terms, in a real browser and without script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django import forms
from playwright.sync_api import Page, expect
from pytest_django import DjangoAssertNumQueries

from conditions.forms import TermChoiceField, TermMultipleChoiceField
from conditions.models import Condition, ConditionName
from tests import browser as browsers
from tests.conftest import EDITOR_PASSWORD


def plant() -> dict[str, Condition]:
    brain = Condition.add_root(name="Brain conditions")
    palsy = brain.add_child(name="Cerebral palsy")
    ConditionName.objects.create(term=palsy, name="CP", kind="abbreviation")
    diplegia = palsy.add_child(name="Spastic diplegia")
    stroke = brain.add_child(name="Stroke <script>")
    return {"brain": brain, "palsy": palsy, "diplegia": diplegia, "stroke": stroke}


class Form(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["many"] = TermMultipleChoiceField(Condition.objects.all())
        self.fields["one"] = TermChoiceField(Condition.objects.all(), required=False)


def soup(form: forms.Form, name: str) -> BeautifulSoup:
    return BeautifulSoup(str(form[name]), "html.parser")


@pytest.mark.django_db
def test_without_script_there_are_the_chosen_terms_and_a_field_for_names() -> None:
    terms = plant()
    many = soup(Form(initial={"many": [terms["stroke"], terms["palsy"]], "one": terms["stroke"].pk}), "many")
    assert [option.get_text() for option in many.select("select[multiple] option[selected]")] == [
        "Cerebral palsy",
        "Stroke <script>",
    ]
    assert many.select("input[type=text]")[0]["name"] == "many-typed"
    one = soup(Form(initial={"one": terms["stroke"].pk}), "one")
    assert [option["value"] for option in one.select("option")] == ["", str(terms["stroke"].pk)]
    assert [option["value"] for option in one.select("option[selected]")] == [str(terms["stroke"].pk)]
    assert one.select("input")[0]["id"] == "id_one"  # what the label is for


@pytest.mark.django_db
def test_the_choice_is_kept_when_the_form_is_shown_again() -> None:
    terms = plant()
    form = Form({"many": [str(terms["palsy"].pk), "999"], "one": ""})
    assert not form.is_valid()
    assert [option["value"] for option in soup(form, "many").select("option[selected]")] == [
        str(terms["palsy"].pk)
    ]
    good = Form({"many": [str(terms["palsy"].pk), str(terms["stroke"].pk)], "one": ""})
    assert good.is_valid(), good.errors
    assert set(good.cleaned_data["many"]) == {terms["palsy"], terms["stroke"]}


@pytest.mark.django_db
def test_names_that_were_typed_are_matched_at_saving() -> None:
    terms = plant()
    form = Form(
        {"many": [str(terms["stroke"].pk)], "many-typed": " cp; SPASTIC diplegia; ", "one-typed": "c.p."}
    )
    assert not form.is_valid()
    assert list(form.errors) == ["one"]
    assert "Similar names: Cerebral palsy" in str(form.errors["one"]) or "not a name" in str(
        form.errors["one"]
    )
    assert soup(form, "one").select("input")[0]["value"] == "c.p."
    form = Form(
        {"many": [str(terms["stroke"].pk)], "many-typed": " cp; SPASTIC diplegia; ", "one-typed": "CP"}
    )
    assert form.is_valid(), form.errors
    assert set(form.cleaned_data["many"]) == {terms["stroke"], terms["palsy"], terms["diplegia"]}
    assert form.cleaned_data["one"] == terms["palsy"]
    assert form.has_changed()


@pytest.mark.django_db
def test_a_name_of_no_term_or_of_several_is_refused_with_advice() -> None:
    terms = plant()
    ConditionName.objects.create(term=terms["stroke"], name="CP", kind="abbreviation")
    several = Form({"many-typed": "CP"})
    assert not several.is_valid()
    assert "Cerebral palsy; Stroke" in several.errors.as_text()
    near = Form({"many-typed": "diplegi"})
    assert not near.is_valid()
    assert "Similar names: Spastic diplegia" in near.errors.as_text()
    unknown = Form({"many-typed": "qwertz <b>"})
    assert not unknown.is_valid()
    assert "“qwertz <b>” is not a name in the vocabulary" in unknown.errors["many"][0]
    assert soup(unknown, "many").select("input")[0]["value"] == "qwertz <b>"
    assert "many" in Form({}).errors  # one is required


@pytest.mark.django_db
def test_a_large_vocabulary_costs_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    Condition.objects.bulk_create(
        Condition(name=f"Term {n}", slug=f"t{n}", depth=1, path=Condition._get_path("", 1, n + 1))
        for n in range(5000)
    )
    with django_assert_num_queries(0):
        html = str(Form()["many"])
    assert len(html) < 2000
    chosen = list(Condition.objects.all()[:3])
    with django_assert_num_queries(1):
        html = str(Form(initial={"many": chosen})["many"])
    assert html.count("<option") == 3


# In the browser -------------------------------------------------------------------------------------------


@pytest.fixture
def admin_tab(open_tab: Callable[..., Page], transactional_db: None) -> Page:
    from django.contrib.auth.models import User

    User.objects.create_superuser("editor", "editor@example.org", EDITOR_PASSWORD)
    tab = open_tab()
    tab.goto("/admin/login/?next=/admin/snippets/conditions/condition/")
    tab.fill("input[name=username]", "editor")
    tab.fill("input[name=password]", EDITOR_PASSWORD)
    tab.click("button[type=submit]")
    tab.wait_for_url("**/condition/")
    return tab


def story_form(tab: Page) -> None:
    """Open a page with only the picker and the admin's own files."""
    form = Form()
    markup = (
        f"<!doctype html><meta charset=utf-8><title>t</title><form><label for=id_many>Conditions</label>{form['many']}"
        + (f"<label for=id_one>Below</label>{form['one']}<button>Save</button></form>{form.media}")
    )
    tab.route("**/picker-alone/**", lambda route: route.fulfill(body=markup, content_type="text/html"))
    tab.goto("/picker-alone/")


CHOSEN = "[...document.querySelector('#id_many-chosen').selectedOptions].map(option => option.value)"
ONE = "document.querySelector('#id_one-chosen').value"


def test_cp_offers_cerebral_palsy_and_the_keyboard_is_enough(admin_tab: Page) -> None:
    tab, terms = admin_tab, plant()
    story_form(tab)
    field = tab.get_by_role("combobox", name="Conditions")
    field.press_sequentially("cp")
    options = tab.get_by_role("option")
    expect(options.first).to_contain_text("Cerebral palsy")
    expect(options.first).to_contain_text("CP · Brain conditions")
    expect(options).to_have_count(2)  # and spastic diplegia, which lies below it
    expect(tab.get_by_role("status").first).to_have_text("Found: 2")
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("Enter")
    expect(tab.get_by_role("button", name="Remove: Cerebral palsy")).to_be_visible()
    field.press_sequentially("STROKE")
    expect(options).to_have_count(1)
    field.press("Enter")
    assert tab.evaluate(CHOSEN) == [str(terms["palsy"].pk), str(terms["stroke"].pk)]
    expect(options).to_have_count(4)
    field.press("Escape")
    field.press("Backspace")
    assert tab.evaluate(CHOSEN) == [str(terms["palsy"].pk)]
    expect(field).to_have_attribute("aria-expanded", "false")
    tab.get_by_role("button", name="Remove: Cerebral palsy").click()
    assert tab.evaluate(CHOSEN) == []
    expect(field).to_be_focused()


def test_the_tree_is_used_with_arrow_keys_and_the_mouse(admin_tab: Page) -> None:
    tab, terms = admin_tab, plant()
    story_form(tab)
    field = tab.get_by_role("combobox", name="Conditions")
    field.press("ArrowDown")
    options = tab.get_by_role("option")
    expect(options).to_have_count(4)
    levels = "(rows) => rows.map((row) => row.style.getPropertyValue('--level'))"
    assert options.evaluate_all(levels) == ["0", "1", "2", "1"]
    field.press("ArrowDown")
    field.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
    options.nth(2).click()
    expect(tab.get_by_role("option", selected=True)).to_have_text("Spastic diplegia")
    assert tab.evaluate(CHOSEN) == [str(terms["diplegia"].pk)]


def test_one_term_replaces_another(admin_tab: Page) -> None:
    tab, terms = admin_tab, plant()
    story_form(tab)
    field = tab.get_by_role("combobox", name="Below")
    for typed, key in (("stroke", "stroke"), ("diplegia", "diplegia")):
        field.press_sequentially(typed)
        expect(tab.get_by_role("option")).to_have_count(1)
        field.press("Enter")
        assert tab.evaluate(ONE) == str(terms[key].pk)
    field.press_sequentially("nothing like this")
    expect(tab.get_by_text("Nothing found")).to_be_visible()
    field.press("Enter")
    assert "?" not in tab.url  # the form was not sent
    field.press("Escape")
    field.press("Backspace")
    assert tab.evaluate(ONE) == ""


def test_what_was_typed_is_kept_and_sent_when_the_server_does_not_answer(
    admin_tab: Page, watch: browsers.Watch
) -> None:
    watch.allow("Failed to load resource")
    tab = admin_tab
    plant()
    story_form(tab)
    tab.route("**/admin/terms/**", lambda route: route.abort())
    field = tab.get_by_role("combobox", name="Conditions")
    field.press_sequentially("cp")
    expect(tab.get_by_text("The server does not answer.")).to_be_visible()
    tab.get_by_role("combobox", name="Below").click()
    expect(field).to_have_value("cp")
    sent = "[...new FormData(document.querySelector('form'))].filter(([name, value]) => value)"
    assert tab.evaluate(sent) == [["many-typed", "cp"]]
    tab.unroute("**/admin/terms/**")
    field.press_sequentially(" ")
    expect(tab.get_by_role("option").first).to_contain_text("Cerebral palsy")
    field.press("Enter")
    assert [name for name, _value in tab.evaluate(sent)] == ["many"]


def test_an_editor_adds_a_term_in_the_admin(admin_tab: Page) -> None:
    plant()
    admin_tab.goto("/admin/snippets/conditions/condition/add/")
    admin_tab.fill("#id_name", "Ataxic cerebral palsy")
    below = admin_tab.get_by_role("combobox", name="below")
    expect(below).to_have_attribute("aria-autocomplete", "list")
    below.press_sequentially("CP")
    expect(admin_tab.get_by_role("option").first).to_contain_text("Cerebral palsy")
    below.press("Enter")
    admin_tab.get_by_role("button", name="Save", exact=True).first.click()
    admin_tab.wait_for_url("**/condition/")
    assert Condition.objects.get(slug="ataxic-cerebral-palsy").get_parent().name == "Cerebral palsy"
