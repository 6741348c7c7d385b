from __future__ import annotations


class EditorError(ValueError):
    """An error that an editor can correct. The message says in plain sentences what is wrong and what to do."""
