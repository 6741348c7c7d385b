"""The base class of all readers of archives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from importing.formats.mapping import Mapping
from importing.records import Row


class Source:
    """An archive whose rows are read one after the other.

    `notes`: what concerns the whole archive, complete when all rows were read. `folder`: where the files are
    that rows name. `done`: how much was read, 0 to 1, for a progress bar.
    """

    def __init__(self, path: Path, mapping: Mapping) -> None:
        self.path, self.mapping = path, mapping
        self.notes: list[str] = []
        self.folder = path if path.is_dir() else path.parent
        self.done = 0.0

    def rows(self) -> Iterator[Row]:
        """Yield every row, also those that cannot be read, with the reason.

        Raises Refused for an archive that cannot be read at all; OSError.
        """
        raise NotImplementedError

    def note(self, words: str) -> None:
        if words and words not in self.notes:
            self.notes.append(words)
