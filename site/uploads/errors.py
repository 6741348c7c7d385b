from __future__ import annotations


class EditorError(ValueError):
    """An error that an editor can correct. The message says what is wrong and what to do."""
