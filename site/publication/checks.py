"""What must hold of every page type, found at start-up and not in a review."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.db import models
from wagtail.models import Page

from consent.models import Person
from publication.mixins import AboutPerson


@register()
def pages_about_people(app_configs: Any = None, **_kwargs: Any) -> list[CheckMessage]:
    """Every page type of the site. Whatever names a person is about one, and must ask the gate."""
    return check_page_types(model for model in apps.get_models() if issubclass(model, Page))


def check_page_types(page_types: Iterable[type[Any]]) -> list[CheckMessage]:
    """people.E001: names a person and does not ask the gate. people.E002: does not say what it needs.
    people.E003: something else answers where the gate must.
    """
    found: list[CheckMessage] = []
    for kind in page_types:
        if not issubclass(kind, AboutPerson):
            if names := _fields_to_people(kind):
                found.append(
                    Error(
                        f"{kind._meta.label} is about a person ({', '.join(names)}) and may be public without consent.",
                        hint="Inherit publication.mixins.AboutPerson, before pages.models.BasePage.",
                        obj=kind,
                        id="people.E001",
                    )
                )
            continue
        if kind.consent_requirements is AboutPerson.consent_requirements:
            found.append(
                Error(
                    f"{kind._meta.label} does not say whose consent it needs, and for what.",
                    hint="Define consent_requirements(): yield from super().consent_requirements(), and what more the page shows.",
                    obj=kind,
                    id="people.E002",
                )
            )
        found += [
            Error(
                f"{kind._meta.label}.{name} is {_where(kind, name)}'s: the gate is not asked.",
                hint="Put publication.mixins.AboutPerson first among its bases.",
                obj=kind,
                id="people.E003",
            )
            for name in ("save", "publish", "serve", "get_indexed_objects")
            if AboutPerson not in _before_page(kind, name)
        ]
    return found


def _fields_to_people(kind: type[Any]) -> list[str]:
    fields = [
        field
        for field in kind._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.ManyToManyField)
    ]
    targets: list[tuple[str, Any]] = [(field.name, field.related_model) for field in fields]
    # What names a model that is not there is found by Django's own checks.
    return [name for name, target in targets if isinstance(target, type) and issubclass(target, Person)]


def _before_page(kind: type[Any], name: str) -> list[type[Any]]:
    """The classes that define the method, up to Wagtail's own page, in the order in which they are asked."""
    order = kind.__mro__[: kind.__mro__.index(Page)]
    return [base for base in order if name in vars(base)]


def _where(kind: type[Any], name: str) -> str:
    return next((base.__name__ for base in kind.__mro__ if name in vars(base)), "nobody")
