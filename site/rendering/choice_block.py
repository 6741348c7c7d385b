"""A block with a fixed choice that is read quickly."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from wagtail import blocks


class ChoiceBlock(blocks.ChoiceBlock):
    """Knows its choices. Wagtail puts them together again, translated, for each value that it reads."""

    @cached_property
    def _texts(self) -> frozenset[str]:
        """The choices, where all are plain text and none are in groups."""
        choices = list(self.field.choices)
        plain = all(type(key) is str and not isinstance(label, list | tuple) for key, label in choices)
        return frozenset(key for key, _label in choices) if plain else frozenset()

    def normalize_choice(self, value: Any) -> Any:
        return value if type(value) is str and value in self._texts else super().normalize_choice(value)
