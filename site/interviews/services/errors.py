"""Why a service did nothing."""

from __future__ import annotations

from interviews.models import Excerpt
from uploads.errors import EditorError


class Refused(EditorError):
    """The request cannot be carried out. The message says why, and what to do."""


class ChangedMeanwhile(Exception):
    """Another editor saved the excerpt after it was loaded. `current` is the saved excerpt."""

    def __init__(self, current: Excerpt) -> None:
        super().__init__("Another editor has changed this excerpt.")
        self.current = current
