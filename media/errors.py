from __future__ import annotations


class EditorError(ValueError):
    """Something that an editor can put right. The message says what is wrong and what to do, in plain sentences."""
