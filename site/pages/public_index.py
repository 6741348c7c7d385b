"""The index of all public pages of some types, one for each process, kept equal to the database.

It is built once, and then follows the log of changes (`changes`): the rows of changed pages are read again,
and those of pages whose clearance begins or ends at a moment that has come. What is shown to visitors is
read from the database once more by the code that shows it, so that an index that is late never shows a page
that is not public.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic
from weakref import WeakSet

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.models import Page

from changes import log
from changes.reader import Reader
from changes.recorder import depends_on, valid_until
from changes.tables import ALL_ROWS
from conditions.models import Term
from pages.facet_index import FacetIndex
from pages.listed import Listed, Row, Values, pk_of, tags_of, with_lost_tags
from pages.term_places import TermPlaces, read_places
from publication.models import Clearance, RestrictedPage

# For how many seconds a request waits for another one that brings the index up to date, before it takes it
# as it was.
_PATIENCE = 1.0
_AT_ONCE = 500
# The tables whose keys in the log of changes name a page.
_OF_PAGES = frozenset({"page", Clearance._meta.label_lower, RestrictedPage._meta.label_lower})


class PublicIndex(Generic[Row]):
    """Keeps `Listed` up to date.

    `read(pages, on)` reads the rows of those pages (ids; None: all) that are public at the moment `on`; they
    are of the types `models`. `values` makes the facets of two vocabularies, `orders` are the keys of the
    orders (`pages.facet_index`).
    """

    _all: WeakSet[PublicIndex[Any]] = WeakSet()

    def __init__(
        self,
        *,
        models: Iterable[type[Page]],
        make: Callable[[tuple[Any, ...]], Row],
        read: Callable[[Collection[int] | None, datetime], Iterable[Row]],
        conditions: type[Term],
        treatments: type[Term],
        values: Callable[[TermPlaces, TermPlaces], Values[Row]],
        orders: Mapping[str, Callable[[Row], Any]],
    ) -> None:
        self._make, self._read, self._values, self._orders = make, read, values, orders
        self._condition_model, self._treatment_model = conditions, treatments
        self._vocabularies = frozenset({conditions._meta.label_lower, treatments._meta.label_lower})
        self._tables = (*(model._meta.label_lower for model in models), *sorted(self._vocabularies))
        self._lock = threading.Lock()
        self._listed: Listed[Row] | None = None
        # Keys that say that any page may have changed.
        self._everything = frozenset(f"{table}:{ALL_ROWS}" for table in _OF_PAGES)
        self._reader = Reader()
        # What an open transaction has been told, and has not kept.
        self._owed: frozenset[str] | None = frozenset()
        self._next: datetime | None = None
        self._looked_at = timezone.now()
        self._all.add(self)

    def current(self) -> Listed[Row]:
        """Return all public pages as they are now. One query where nothing has changed.

        A page that is rendered with it is rendered again when any of them changes.
        """
        listed = self._up_to_date()
        depends_on(*self._tables, Clearance._meta.label_lower, RestrictedPage._meta.label_lower)
        valid_until(self._next)
        return listed

    def _up_to_date(self) -> Listed[Row]:
        known = self._listed
        if not self._lock.acquire(timeout=-1 if known is None else _PATIENCE):
            assert known is not None
            return known
        try:
            if _is_writing():
                return self._private()
            connection.__dict__.get("private_indexes", {}).pop(self, None)
            self._listed = self._refreshed(self._listed)
            return self._listed
        finally:
            self._lock.release()

    def with_pages(self, pages: Iterable[int]) -> Listed[Row]:
        """Return the pages as this transaction sees them, with those it is publishing or unpublishing."""
        listed = self._up_to_date()
        private = self._privately()
        # What this transaction has changed was read after its last change.
        unread = set(pages) - (private.read if private and private.listed is listed else frozenset())
        return self._with_rows(listed, self._rows_of(unread, timezone.now())) if unread else listed

    def _privately(self) -> _Private[Row] | None:
        """Return what the open transaction of this connection has seen last."""
        kept: dict[Any, _Private[Row]] = connection.__dict__.setdefault("private_indexes", {})
        return kept.get(self)

    def _private(self) -> Listed[Row]:
        """Return the pages as the open transaction sees them, for its own use: others may never see them."""
        if self._listed is None and not _is_testing():
            # On a connection of its own, which sees only what is committed.
            builder = threading.Thread(target=self._build_apart)
            builder.start()
            builder.join()
        if self._listed is None:
            return self._built(timezone.now())
        self._owed = self._news()
        if self._owed is None:
            transaction.on_commit(self._up_to_date, robust=True)
            return self._listed
        kept, now = self._next, timezone.now()
        moment = log.moment_of(connection)
        before, news = self._privately(), None
        if before and before.base is self._listed and before.owed == self._owed:
            news = log.pending_since(connection, before.moment)
        if before and news is not None:
            # Only what has changed since the transaction asked last: a bulk publication asks again and again.
            listed, read = before.listed, before.read
            if news:
                listed, read = self._changed(listed, news, now), read | _pages_in(news)
        else:
            transaction.on_commit(self._up_to_date, robust=True)
            news = self._owed | log.pending(connection)
            listed, read = self._changed(self._listed, news, now), _pages_in(news)
        private = _Private(self._listed, self._owed, moment, listed, read)
        connection.__dict__.setdefault("private_indexes", {})[self] = private
        if self._next and self._next <= now:
            listed = self._after_time(listed, now)
        self._next = kept
        return listed

    def _build_apart(self) -> None:
        try:
            self._listed = self._refreshed(None)
        finally:
            connection.close()

    def forget(self) -> None:
        """Build again when it is asked for next."""
        with self._lock:
            self._listed = None

    @classmethod
    def forget_all(cls) -> None:
        """Forget every index: after a change that nothing has recorded, such as a restored database."""
        for index in cls._all:
            index.forget()

    def _news(self) -> frozenset[str] | None:
        """Return the keys of all changes that `_listed` lacks; None if there were too many."""
        news = self._reader.news()
        return None if news is None or self._owed is None else news | self._owed

    def _refreshed(self, listed: Listed[Row] | None) -> Listed[Row]:
        now = timezone.now()
        if listed is None or now < self._looked_at:
            return self._built(now)
        news = self._news()
        if news is None or not self._everything.isdisjoint(news):
            return self._built(now)
        self._owed = frozenset()
        if news:
            listed = self._changed(listed, news, now)
        if news or (self._next and self._next <= now):
            listed = self._after_time(listed, now)
        self._looked_at = now
        return listed

    def _built(self, now: datetime) -> Listed[Row]:
        self._reader = Reader()  # first, so that it tells what changes while the rows are read
        self._owed = frozenset()
        self._looked_at = now
        rows = list(self._read(None, now))
        conditions = read_places(self._condition_model, tags_of(rows, "conditions"))
        treatments = read_places(self._treatment_model, tags_of(rows, "treatments"))
        index = FacetIndex(
            rows,
            make=self._make,
            key_of=pk_of,
            values=self._values(conditions, treatments),
            orders=self._orders,
        )
        self._next = _next_moment(now)
        return Listed(index, conditions, treatments)

    def _changed(self, listed: Listed[Row], news: frozenset[str], now: datetime) -> Listed[Row]:
        rows = self._rows_of(set(_pages_in(news)), now)
        words_changed = any(key.partition(":")[0] in self._vocabularies for key in news)
        return self._with_rows(listed, rows, words_changed=words_changed)

    def _after_time(self, listed: Listed[Row], now: datetime) -> Listed[Row]:
        """Read the pages again of which a moment has come since the last look."""
        due = Clearance.objects.filter(
            Q(changes_at__gt=self._looked_at, changes_at__lte=now)
            | Q(ends_at__gt=self._looked_at, ends_at__lte=now)
        )
        pages = set(due.values_list("pk", flat=True)) if self._next and self._next <= now else set()
        self._next = _next_moment(now)
        return self._with_rows(listed, self._rows_of(pages, now)) if pages else listed

    def _rows_of(self, pages: set[int], now: datetime) -> dict[int, Row | None]:
        rows: dict[int, Row | None] = dict.fromkeys(pages)
        ordered = sorted(pages)
        for start in range(0, len(ordered), _AT_ONCE):
            rows |= {row.pk: row for row in self._read(ordered[start : start + _AT_ONCE], now)}
        return rows

    def _with_rows(
        self, listed: Listed[Row], rows: Mapping[int, Row | None], *, words_changed: bool = False
    ) -> Listed[Row]:
        """Return the index with these rows, and with terms that are new to it or were changed."""
        new = [row for row in rows.values() if row is not None]
        places: list[TermPlaces] = []
        for kind, model in (("conditions", self._condition_model), ("treatments", self._treatment_model)):
            known: TermPlaces = getattr(listed, kind)
            tags = tags_of(new, kind)
            if words_changed or not tags <= known.paths.keys():
                known = read_places(model, tags | known.paths.keys())
            places.append(known)
        index = listed.index
        if words_changed:
            rows = {**self._rows_of(with_lost_tags(listed, places) - rows.keys(), timezone.now()), **rows}
        for known, before in zip(places, (listed.conditions, listed.treatments), strict=True):
            if any(before.lineages[tag] != known.lineages.get(tag) for tag in before.lineages):
                # A term was moved, renamed in addresses, merged or deleted: what rows are found by is
                # different.
                index = index.rebuilt(index, self._values(*places))
                break
        else:
            if places[0] is not listed.conditions or places[1] is not listed.treatments:
                index = index.with_values(self._values(*places))
        return Listed(index.replaced(rows), *places)


@dataclass(frozen=True)
class _Private(Generic[Row]):
    """What an open transaction has seen: `listed`, made of `base` and what the transaction had changed at
    `moment`. `read`: the pages that were read for it.
    """

    base: Listed[Row]
    owed: frozenset[str]
    moment: log.Moment
    listed: Listed[Row]
    read: frozenset[int]


def _pages_in(news: Iterable[str]) -> frozenset[int]:
    return frozenset(
        int(number)
        for key in news
        for table, _colon, number in [key.partition(":")]
        if table in _OF_PAGES and number.isdecimal()
    )


def _next_moment(after: datetime) -> datetime | None:
    """Return when a clearance next begins, ends or changes. Two look-ups in an index."""
    moments = [
        Clearance.objects.filter(**{f"{name}__gt": after}).order_by(name).values_list(name, flat=True).first()
        for name in ("changes_at", "ends_at")
    ]
    return min((moment for moment in moments if moment), default=None)


def _is_writing() -> bool:
    """Return whether a transaction is open, other than the one around a test."""
    return any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)


def _is_testing() -> bool:
    """Return whether this is a test in a transaction, of which another connection sees nothing."""
    return any(getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)
