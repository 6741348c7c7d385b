"""System checks for page types: a page about a person must ask the publication gate."""

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
def pages_about_people(**_kwargs: object) -> list[CheckMessage]:
    """Check every page type of the site.

    A page type with a link to a person is about a person and must ask the gate.
    """
    return check_page_types(model for model in apps.get_models() if issubclass(model, Page))


def check_page_types(page_types: Iterable[type[Any]]) -> list[CheckMessage]:
    """Return the errors of these page types.

    publication.E001: links to a person and does not ask the gate. publication.E002: does not state its
    requirements. publication.E003: another class answers where the gate must.
    """
    found: list[CheckMessage] = []
    for kind in page_types:
        if not issubclass(kind, AboutPerson):
            if names := _fields_to_people(kind):
                found.append(
                    Error(
                        f"{kind._meta.label} is about a person ({', '.join(names)}) "
                        "and may be public without consent.",
                        hint="Inherit publication.mixins.AboutPerson, before pages.models.BasePage.",
                        obj=kind,
                        id="publication.E001",
                    )
                )
            continue
        if kind.consent_requirements is AboutPerson.consent_requirements:
            found.append(
                Error(
                    f"{kind._meta.label} does not state whose consent it requires, and for which use.",
                    hint="Define consent_requirements(): yield from super().consent_requirements(), "
                    "and what else the page requires.",
                    obj=kind,
                    id="publication.E002",
                )
            )
        found += [
            Error(
                f"{kind._meta.label}.{name} is {_where(kind, name)}'s: the gate is not asked.",
                hint="Put publication.mixins.AboutPerson first among its bases.",
                obj=kind,
                id="publication.E003",
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
    # Django's own checks report a field whose model does not exist.
    return [name for name, target in targets if isinstance(target, type) and issubclass(target, Person)]


def _before_page(kind: type[Any], name: str) -> list[type[Any]]:
    """Return the classes below Wagtail's Page that define the method, in the order in which Python calls
    them.
    """
    order = kind.__mro__[: kind.__mro__.index(Page)]
    return [base for base in order if name in vars(base)]


def _where(kind: type[Any], name: str) -> str:
    return next((base.__name__ for base in kind.__mro__ if name in vars(base)), "no class")
