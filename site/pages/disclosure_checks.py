"""A system check: every page type about a person says where its disclosures come from."""

from __future__ import annotations

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.db.models import Model
from wagtail.models import Page

from consent.models import Person
from pages.disclosures import problems_with


def is_about_a_person(model: type[Model]) -> bool:
    """Return whether a page type has a relation to a person's record."""
    return issubclass(model, Page) and any(
        field.related_model is Person
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created
    )


def disclosure_errors(model: type[Model]) -> list[CheckMessage]:
    names = {field.name for field in model._meta.get_fields()}
    return [
        Error(
            f"{model._meta.label} is about a person, but {reason}.",
            hint=(
                "Say in `disclosures` where each of D1 to D12 comes from (pages/disclosures.py), and show it "
                "on the page."
            ),
            obj=model,
            id="pages.E001",
        )
        for reason in problems_with(
            getattr(model, "disclosures", None), lambda name: name in names or hasattr(model, name)
        )
    ]


@register()
def check_disclosures(**_options: object) -> list[CheckMessage]:
    return [
        error for model in apps.get_models() if is_about_a_person(model) for error in disclosure_errors(model)
    ]
