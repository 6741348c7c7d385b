"""The actor of a sensitive change or reading. Each one has an actor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True)
class Actor:
    """A user of the admin, the person themselves with a link, or a named task of the system.

    `kind`: 'user', 'person' or 'system'. `name`: the user's name, the task's name, or 'person 12'; never a
    real name.
    """

    kind: str
    name: str
    user: Any = None

    @classmethod
    def of(cls, user: Any) -> Self:
        """Return the actor for a user of the admin. Raises ValueError for a user who is not logged in."""
        if user is None or not user.is_authenticated:
            raise ValueError("an actor is a user who is logged in, a person with their link, or a named task")
        return cls("user", user.get_username(), user)

    @classmethod
    def person(cls, person_id: int) -> Self:
        """Return the actor for the person themselves, who uses the link that was sent to them."""
        return cls("person", f"person {person_id}")

    @classmethod
    def system(cls, task: str) -> Self:
        """Return the actor for a named task, e.g. 'expire_consents'."""
        return cls("system", task)
