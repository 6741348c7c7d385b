"""A column with another column's text, folded for comparison: the same on every database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from conditions.words import fold

if TYPE_CHECKING:
    CharField = models.CharField[str, str]
else:
    CharField = models.CharField


class FoldedField(CharField):
    """A column filled from the field named `of` whenever the row is saved, alone or in bulk.

    SQLite compares only ASCII letters without case; folding here makes "Bell's" and "Guillain-Barré" findable
    on every database.
    """

    def __init__(self, *args: Any, of: str = "name", **kwargs: Any) -> None:
        self.of = of
        kwargs.setdefault("max_length", 600)
        kwargs.update(editable=False, blank=True, default="", db_index=True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for constant in ("editable", "blank", "default", "db_index"):
            kwargs.pop(constant, None)
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        setattr(model_instance, self.attname, fold(getattr(model_instance, self.of))[: self.max_length])
        return str(super().pre_save(model_instance, add))
