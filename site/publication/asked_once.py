"""What pages about people share so that a publication asks the database for each thing once."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import models

from publication import stored_rows
from queries import kept


class AskedOnce:
    """Reads the rows of a revision together, and does not ask again for what was read."""

    _meta: Any
    _state: Any

    def stores_more(self) -> bool:
        """Return whether a publication stores more than the page's own rows (clips, transcripts)."""
        return False

    def update_computed_fields(self) -> None:
        """Set the fields that are computed from others when the page is saved."""

    @classmethod
    def from_serializable_data(cls, data: Any, check_fks: bool = True, strict_fks: bool = False) -> Any:
        """Return the page that a revision describes. One query for each table to which it refers."""
        make = partial(super().from_serializable_data, strict_fks=strict_fks)  # type: ignore[misc]
        return stored_rows.page_from(cls, make, data) if check_fks else make(data, check_fks=False)

    def clean_fields(self, exclude: Any = None) -> None:
        """While the page is published, do not ask again whether rows exist that were just read."""
        known = set(exclude or ())
        if kept.is_keeping():
            known |= {
                field.name
                for field in self._meta.concrete_fields
                if isinstance(field, models.ForeignKey) and getattr(self, field.attname) is not None
            }
        super().clean_fields(exclude=known)  # type: ignore[misc]

    def validate_unique(self, exclude: Any = None) -> None:
        """While the page is published, do not ask whether its place in the tree is its own: it was read."""
        known = set(exclude or ())
        if kept.is_keeping() and not self._state.adding:
            known |= {"path", "locale", "id", "page_ptr"}
        super().validate_unique(exclude=known)  # type: ignore[misc]
