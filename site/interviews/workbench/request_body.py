"""Reads the body of a request. Anything missing or wrong is refused with a sentence that says what to do."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

from interviews.models import Cue, Interview
from interviews.services import Refused
from interviews.workbench.offsets import NoSuchPlace, to_code_points

_MOST_TOPICS = 20
_LONGEST_KEY = 2**53  # the limit of exact whole numbers in JavaScript


class Body:
    """The JSON object of a request: each method reads one field, or raises Refused."""

    def __init__(self, request: HttpRequest) -> None:
        try:
            read = json.loads(request.body or b"{}")
        except RequestDataTooBig as error:
            raise Refused("The text is too long to save. Make it shorter.") from error
        except (ValueError, RecursionError) as error:
            raise Refused("The request is not JSON. Reload the page.") from error
        if not isinstance(read, dict):
            raise Refused("The request is not a JSON object. Reload the page.")
        self.fields: dict[str, Any] = read

    def __contains__(self, name: str) -> bool:
        return name in self.fields

    def integer(self, name: str) -> int:
        return _integer(self.fields.get(name), name)

    def text(self, name: str, *, longest: int, default: str | None = None) -> str:
        value = self.fields.get(name, default)
        if not isinstance(value, str):
            raise Refused(f"‘{name}’ must be text, not {_shown(value)}.")
        if len(value) > longest:
            raise Refused(f"‘{name}’ has {len(value):,} characters; at most {longest:,} can be saved.")
        if "\0" in value or any("\ud800" <= char <= "\udfff" for char in value):
            raise Refused(f"‘{name}’ contains a character that cannot be saved. Type the text again.")
        return value

    def yes_or_no(self, name: str) -> bool | None:
        """Return True, False, or None if the editor undoes an answer."""
        value = self.fields.get(name)
        if value is not None and not isinstance(value, bool):
            raise Refused(f"‘{name}’ must be true, false or null, not {_shown(value)}.")
        return value

    def seconds(self, name: str) -> float | None:
        """Return a time in seconds, or None for null."""
        value = self.fields.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise Refused(f"‘{name}’ must be a number of seconds, not {_shown(value)}.")
        return float(value)

    def place(self, name: str) -> tuple[int, int]:
        """Return the key of a cue and an offset in UTF-16 units."""
        value = self.fields.get(name)
        if not isinstance(value, list) or len(value) != 2:
            raise Refused(f"‘{name}’ must be a cue and an offset, not {_shown(value)}.")
        return _integer(value[0], name), _integer(value[1], name)

    def names(self, name: str) -> list[str]:
        value = self.fields.get(name, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise Refused(f"‘{name}’ must be a list of names, not {_shown(value)}.")
        if len(value) > _MOST_TOPICS:
            raise Refused(f"An excerpt has at most {_MOST_TOPICS} topics.")
        return value

    def mapping(self, name: str) -> Mapping[str, Any]:
        value = self.fields.get(name)
        if not isinstance(value, dict):
            raise Refused(f"‘{name}’ must be an object, not {_shown(value)}.")
        return value

    def moment(self, name: str) -> dt.datetime | None:
        value = self.fields.get(name)
        if value in (None, ""):
            return None
        try:
            moment = parse_datetime(value) if isinstance(value, str) else None
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            raise Refused(f"‘{name}’ must be a date and time with a time zone, not {_shown(value)}.")
        return moment


def _integer(value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _LONGEST_KEY:
        raise Refused(f"‘{name}’ must be a whole number, not {_shown(value)}.")
    return value


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else text[:39] + "…"


def cue_of(interview: Interview, pk: int) -> Cue:
    cue = interview.cues.filter(pk=pk).first()
    if cue is None:
        raise Refused("This line is no longer in the transcript. Reload the page.")
    return cue


def in_code_points(interview: Interview, place: tuple[int, int]) -> tuple[int, int]:
    """Return a place with its offset in code points, as the server counts. Raises Refused."""
    cue = cue_of(interview, place[0])
    try:
        return cue.pk, to_code_points(cue.text, place[1])
    except NoSuchPlace as error:
        raise Refused(
            f"The selected words are not in this line ({error}). Reload the page and select them again."
        ) from error
