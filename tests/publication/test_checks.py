"""A page type about a person that does not ask the gate is an error at start-up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps.registry import Apps
from django.db import models

from pages.models import BasePage
from publication.checks import check_page_types, pages_about_people
from publication.mixins import AboutPerson
from publication.reasons import ConsentRequirement

apart = Apps()


def made_up(name: str, *bases: Any, **attributes: Any) -> Any:
    """A page type that the site does not know."""
    meta = type("Meta", (), {"app_label": "made_up", "apps": apart})
    person = models.ForeignKey("consent.Person", null=True, on_delete=models.PROTECT, related_name="+")
    return type(name, bases, {"__module__": __name__, "Meta": meta, "person": person, **attributes})


def ids(kind: Any) -> list[str]:
    kind._meta.get_field("person").remote_field.model = _person()
    return [str(one.id) for one in check_page_types([kind])]


def _person() -> Any:
    from consent.models import Person

    return Person


def requirements(self: Any) -> Iterable[ConsentRequirement]:
    return AboutPerson.consent_requirements(self)


def test_our_page_types_pass() -> None:
    assert pages_about_people() == []


def test_a_page_type_with_a_person_must_ask_the_gate() -> None:
    assert ids(made_up("Forgotten", BasePage)) == ["publication.E001"]


def test_a_page_type_about_a_person_must_state_its_requirements() -> None:
    assert ids(made_up("Silent", AboutPerson, BasePage)) == ["publication.E002"]
    assert ids(made_up("Telling", AboutPerson, BasePage, consent_requirements=requirements)) == []


def test_the_mixin_must_come_before_the_page() -> None:
    kind = made_up("Behind", BasePage, AboutPerson, consent_requirements=requirements)
    assert set(ids(kind)) == {"publication.E003"}
