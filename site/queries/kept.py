"""Answers of the database that are kept while pages are published, so that nothing is asked twice.

A publication collects the requirements of its page, judges it, stores it and updates what depends on it. Each
of these needs the same few answers. They are kept for one transaction, after the people concerned were
locked, and only for what a publication does not change itself:

    names = Lookup(read_names, "")  # read_names(people) -> {person: name}
    with keeping():
        names.read_ahead({3, 4, 5})  # one query for many pages
        names.of(3)                  # none

Outside `keeping`, every call asks the database.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")
_answers: ContextVar[dict[Any, Any] | None] = ContextVar("queries.kept", default=None)


@contextmanager
def keeping() -> Iterator[None]:
    """Keep answers in this block. Within another such block, the outer one keeps them."""
    if _answers.get() is not None:
        yield
        return
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def is_keeping() -> bool:
    """Return whether answers are kept now."""
    return _answers.get() is not None


def once(about: Any, name: str, compute: Callable[[], V]) -> V:
    """Return what `compute` returns, computed once for this very object and name while answers are kept."""
    answers = _answers.get()
    if answers is None:
        return compute()
    key = (name, id(about))
    if key not in answers:
        # With the object itself, so that no other object gets its id meanwhile.
        answers[key] = (about, compute())
    found: V = answers[key][1]
    return found


def put(about: Any, name: str, answer: Any) -> None:
    """Keep an answer about an object, for `once`. Nothing happens while answers are not kept."""
    if (answers := _answers.get()) is not None:
        answers[name, id(about)] = (about, answer)


def forget(about: Any, name: str) -> None:
    """Forget an answer about an object."""
    if (answers := _answers.get()) is not None:
        answers.pop((name, id(about)), None)


class Lookup(Generic[K, V]):
    """Finds values by key. `read` returns those of many keys; `missing`: the value of a key it leaves out."""

    def __init__(self, read: Callable[[Collection[K]], Mapping[K, V]], missing: V) -> None:
        self._read, self._missing = read, missing

    def of(self, key: K) -> V:
        """Return the value of one key."""
        return self.of_all([key])[key]

    def of_all(self, keys: Iterable[K]) -> dict[K, V]:
        """Return the values of several keys: one reading for those that are not kept, none without any."""
        wanted = list(dict.fromkeys(keys))
        answers = _answers.get()
        kept: dict[K, V] = {} if answers is None else answers.setdefault(self, {})
        if asked := [key for key in wanted if key not in kept]:
            found = self._read(asked)
            for key in asked:
                kept[key] = found.get(key, self._missing)
        return {key: kept[key] for key in wanted}

    def read_ahead(self, keys: Iterable[K]) -> None:
        """Read the values of many keys at once, to be kept. Nothing happens while answers are not kept."""
        if is_keeping():
            self.of_all(keys)
