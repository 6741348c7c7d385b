"""Conventions that Django's system check sees to."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from wagtail.models import Page

from consent.models import Person
from pages.beside import wrong_with


def is_about_a_person(model: type[Any]) -> bool:
    """A page type with a relation to somebody's record: whoever it is about, D1 to D12 must stand beside it."""
    return issubclass(model, Page) and any(
        field.related_model is Person
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created
    )


def beside_errors(model: type[Any]) -> list[CheckMessage]:
    names = {field.name for field in model._meta.get_fields()}
    return [
        Error(
            f"{model._meta.label} is about a person, but {reason}.",
            hint="Say in `beside` where each of D1 to D12 comes from (pages/beside.py), and show it on the page.",
            obj=model,
            id="pages.E001",
        )
        for reason in wrong_with(
            getattr(model, "beside", None), lambda name: name in names or hasattr(model, name)
        )
    ]


@register()
def what_stands_beside(**_options: Any) -> list[CheckMessage]:
    return [
        error for model in apps.get_models() if is_about_a_person(model) for error in beside_errors(model)
    ]
