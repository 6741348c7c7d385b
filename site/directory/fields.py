from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.languages import SPOKEN


class LanguagesField(models.JSONField):
    """A list of language codes, the main language first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def validate(self, value: Any, model_instance: Any) -> None:
        super().validate(value, model_instance)
        unknown = [code for code in value if code not in SPOKEN] if isinstance(value, list) else [value]
        if unknown:
            raise ValidationError(
                _("These language codes are not known: %(codes)s. Use two-letter codes such as ‘en’."),
                params={"codes": ", ".join(str(code) for code in unknown)},
            )

    def formfield(self, **_kwargs: object) -> Any:
        """Tick boxes, in the order of the names."""
        choices = sorted(SPOKEN.items(), key=lambda choice: str(choice[1]))
        return forms.MultipleChoiceField(
            choices=choices,
            required=not self.blank,
            label=str(self.verbose_name).capitalize(),
            help_text=self.help_text,
            widget=forms.SelectMultiple(attrs={"size": 10}),
        )
