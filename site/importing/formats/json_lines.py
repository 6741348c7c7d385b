"""JSON Lines: one JSON object on each line, in UTF-8 (https://jsonlines.org)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from importing.formats.source import Source
from importing.records import Refused, Row

LONGEST_LINE = 32 * 1024 * 1024  # bytes


class JsonLinesSource(Source):
    def rows(self) -> Iterator[Row]:
        size = self.path.stat().st_size
        if size == 0:
            raise Refused(f"{self.path.name} is empty.")
        with self.path.open("rb") as file:
            number = 0
            while data := file.readline(LONGEST_LINE):
                number += 1
                place = f"{self.path.name}, line {number}"
                if number == 1:
                    data = data.removeprefix(b"\xef\xbb\xbf")
                    if data.lstrip().startswith(b"[") and not data.rstrip().endswith(b"]"):
                        raise Refused(
                            f"{self.path.name} is one JSON list over several lines. Write each story as one "
                            "object on a line of its own."
                        )
                if data.strip():
                    yield self._row(place, data)
                self.done = file.tell() / size

    def _row(self, place: str, data: bytes) -> Row:
        if len(data) >= LONGEST_LINE:
            return Row(place, problem="The line is longer than 32 MB. Put pictures into files of their own.")
        try:
            story = json.loads(data.decode("utf-8"), parse_constant=_no_constant)
        except UnicodeDecodeError as error:
            return Row(place, problem=f"The line is not UTF-8 (byte {error.start + 1}). Save it as UTF-8.")
        except (ValueError, RecursionError) as error:
            return Row(place, problem=f"The line is not valid JSON: {error}. Correct it.")
        if not isinstance(story, dict):
            return Row(place, problem='The line is JSON, but not an object. Write {"id": …, "title": …}.')
        return self.mapping.row(place, story.items())


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is not JSON")
