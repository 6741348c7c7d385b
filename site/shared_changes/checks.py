"""System checks: whatever public pages can show without owning it is shared, with fields that exist."""

from __future__ import annotations

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import FieldDoesNotExist
from wagtail.contrib.settings.models import BaseGenericSetting, BaseSiteSetting

from media.publishing import PUBLISHABLE_MODELS
from shared_changes.registry import shared_models, shared_of


@register()
def shared_things(**_kwargs: object) -> list[CheckMessage]:
    """Check the models that are shared.

    shared_changes.E001: a kind of file or a site setting that `share` does not know: its changes would be
    public at once. shared_changes.E002: a field that the model does not have.
    """
    settings = [
        model for model in apps.get_models() if issubclass(model, BaseGenericSetting | BaseSiteSetting)
    ]
    found: list[CheckMessage] = [
        Error(
            f"Changes of {model._meta.label} would be public unseen by the publication gate.",
            hint="Call shared_changes.registry.share for it in the app's signals.",
            obj=model,
            id="shared_changes.E001",
        )
        for model in (*PUBLISHABLE_MODELS, *settings)
        if shared_of(model) is None
    ]
    for model in shared_models():
        shared = shared_of(model)
        assert shared is not None
        for holder, names in [
            (model, shared.fields),
            *((part, fields) for part, _back, fields in shared.parts),
        ]:
            for name in sorted(names):
                try:
                    holder._meta.get_field(name)
                except FieldDoesNotExist:
                    text = f"{holder._meta.label} has no field {name}, which is said to be shown."
                    found.append(Error(text, obj=holder, id="shared_changes.E002"))
    return found
