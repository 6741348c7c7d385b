"""Who does something to what people gave us: no sensitive change without an actor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True)
class Actor:
    """A user of the admin, the person themselves by a link, or a named task of the system.

    `kind`: 'user', 'person' or 'system'. `name`: the user's name, the task's name, or 'person 12'; never a real name.
    """

    kind: str
    name: str
    user: Any = None

    @classmethod
    def of(cls, user: Any) -> Self:
        """The user who asks; somebody not logged in is refused."""
        if user is None or not user.is_authenticated:
            raise ValueError(
                "an actor is somebody who is logged in, the person by their link, or a named task"
            )
        return cls("user", user.get_username(), user)

    @classmethod
    def person(cls, person_id: int) -> Self:
        """The person themselves, by the link they were sent."""
        return cls("person", f"person {person_id}")

    @classmethod
    def system(cls, task: str) -> Self:
        """A named task: 'expire_consents'."""
        return cls("system", task)
