"""The field in which an editor chooses terms, in a real browser and without script."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django import forms
from playwright.sync_api import Page, expect
from pytest_django import DjangoAssertNumQueries

from conditions.forms import TermChoiceField, TermMultipleChoiceField
from conditions.models import Condition, ConditionName
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
def test_without_script_the_picker_is_a_list_that_shows_the_tree() -> None:
    terms = plant()
    many = soup(Form(initial={"many": [terms["palsy"]], "one": terms["stroke"].pk}), "many")
    assert [option.get_text() for option in many.select("select[multiple] option")] == [
        "Brain conditions",
        "\u2003Cerebral palsy",
        "\u2003\u2003Spastic diplegia",
        "\u2003Stroke <script>",
    ]
    assert [option["value"] for option in many.select("option[selected]")] == [str(terms["palsy"].pk)]
    one = soup(Form(initial={"one": terms["stroke"].pk}), "one")
    assert one.select("option")[0]["value"] == ""
    assert [option["value"] for option in one.select("option[selected]")] == [str(terms["stroke"].pk)]


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
def test_a_large_vocabulary_is_drawn_quickly_in_two_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    Condition.objects.bulk_create(
        Condition(name=f"Term {n}", slug=f"t{n}", depth=1, path=Condition._get_path("", 1, n + 1))
        for n in range(5000)
    )
    started = time.process_time()
    with django_assert_num_queries(2):
        html = str(Form()["many"])
    assert html.count("<option") == 5000
    assert time.process_time() - started < 2


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


def test_cp_offers_cerebral_palsy_and_the_keyboard_is_enough(tab: Page, transactional_db: None) -> None:
    terms = plant()
    story_form(tab)
    field = tab.get_by_role("combobox", name="Conditions")
    field.press_sequentially("cp")
    options = tab.get_by_role("option")
    expect(options.first).to_contain_text("Cerebral palsy")
    expect(options.first).to_contain_text("CP")
    expect(options).to_have_count(2)  # and spastic diplegia, which lies below it
    field.press("Enter")
    expect(tab.get_by_role("button", name="Remove: Cerebral palsy")).to_be_visible()
    field.press_sequentially("STROKE")
    field.press("Enter")
    chosen = "[...document.querySelector('#id_many').selectedOptions].map(option => option.value)"
    assert tab.evaluate(chosen) == [str(terms["palsy"].pk), str(terms["stroke"].pk)]
    field.press("Backspace")
    assert tab.evaluate(chosen) == [str(terms["palsy"].pk)]
    field.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    tab.get_by_role("button", name="Remove: Cerebral palsy").click()
    assert tab.evaluate(chosen) == []
    expect(field).to_be_focused()


def test_the_tree_is_used_with_arrow_keys_and_the_mouse(tab: Page, transactional_db: None) -> None:
    terms = plant()
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
    expect(options.nth(2)).to_have_attribute("aria-selected", "true")
    assert tab.evaluate("document.querySelector('#id_many').value") == str(terms["diplegia"].pk)


def test_one_term_replaces_another(tab: Page, transactional_db: None) -> None:
    terms = plant()
    story_form(tab)
    field = tab.get_by_role("combobox", name="Below")
    for typed, key in (("stroke", "stroke"), ("diplegia", "diplegia")):
        field.press_sequentially(typed)
        field.press("Enter")
        assert tab.evaluate("document.querySelector('#id_one').value") == str(terms[key].pk)
    field.press_sequentially("nothing like this")
    expect(tab.get_by_text("Nothing found")).to_be_visible()
    field.press("Enter")
    assert "?" not in tab.url  # the form was not sent
    field.press("Escape")
    field.press("Backspace")
    assert tab.evaluate("document.querySelector('#id_one').value") == ""


def test_an_editor_adds_a_term_in_the_admin(admin_tab: Page) -> None:
    plant()
    admin_tab.goto("/admin/snippets/conditions/condition/add/")
    admin_tab.fill("#id_name", "Ataxic cerebral palsy")
    below = admin_tab.get_by_role("combobox", name="below")
    expect(below).to_have_attribute("aria-autocomplete", "list")
    below.press_sequentially("CP")
    below.press("Enter")
    admin_tab.get_by_role("button", name="Save", exact=True).first.click()
    admin_tab.wait_for_url("**/condition/")
    assert Condition.objects.get(slug="ataxic-cerebral-palsy").get_parent().name == "Cerebral palsy"
