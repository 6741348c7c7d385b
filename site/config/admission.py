"""How many requests Django answers at a time, so that a few slow ones never take all threads of a process.

Python runs one thread of a process at a time. More pages made at once are not made sooner; they only wait for
each other. And a thread that waits for a slow client is lost to all others. Therefore each kind of request
(a lane) has a few threads in which Django runs, a queue of limited length, and the answer 503 beyond it.

    connection's thread -> Admission -> lane (page, form, staff, ...) -> Django in a thread of the lane

A body is read before its request takes a thread of a lane, and an answer is complete before it is sent, so
slow clients hold only threads of the server, of which there are many (WEB_THREADS).
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as WaitedTooLong
from dataclasses import dataclass
from typing import Any

from django.conf import settings

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Body = Iterable[bytes]

THREADS = 256  # of the server in each process, if WEB_THREADS does not say otherwise
SMALL_BODY = 2_621_440  # bytes: what Django keeps in memory (DATA_UPLOAD_MAX_MEMORY_SIZE)
SMALL_FILE = 1024 * 1024  # bytes: files up to this size are read at once
RETRY_AFTER = "5"  # seconds
PAGE_NICE = 5  # so that answers from memory, which take no time, do not wait for a core
SAFE = {"GET", "HEAD", "OPTIONS"}
BUSY = (
    b'<!doctype html><html lang="en"><meta charset="utf-8"><title>Busy</title>'
    b"<h1>The site is busy</h1><p>Please try again in a few seconds."
)


class Full(Exception):
    """The lane has as many requests as it may have, or the request waited too long."""


class Lane:
    """`threads` of its own in which Django answers, `queue` requests that may wait for them.

    The threads stay, and each keeps its database connection. A waiting request gives up after `patience`
    seconds; one that has begun is never stopped. `nice`: how far the threads stand back for others when all
    cores are busy (nice(2)).
    """

    def __init__(self, name: str, *, threads: int, queue: int, patience: float, nice: int = 0) -> None:
        self.patience = patience
        self.places = threading.BoundedSemaphore(threads + queue)
        self.pool = ThreadPoolExecutor(
            threads, thread_name_prefix=name, initializer=stand_back, initargs=(nice,)
        )

    def run(self, answer: Callable[[], Body]) -> Body:
        """Return what `answer` returns, in a thread of this lane. Raises Full, and what `answer` raises."""
        if not self.places.acquire(blocking=False):
            raise Full
        try:
            future: Future[Body] = self.pool.submit(answer)
            try:
                return future.result(self.patience)
            except WaitedTooLong:
                # `answer` may have raised the same class itself; cancel() then returns False as well.
                if future.cancel():
                    raise Full from None
                return future.result()
            except CancelledError as error:
                raise Full from error
        finally:
            self.places.release()


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process with `threads` threads of the server admits."""

    threads: int

    @property
    def pages(self) -> int:
        """Visitors who may wait for a page to be made."""
        return max(self.threads // 4, 2)

    @property
    def queue(self) -> int:
        """Requests that may wait in each of the other lanes."""
        return max(self.threads // 16, 2)

    @property
    def bodies(self) -> int:
        """Requests whose bodies are being read."""
        return max(self.threads // 4, 2)

    @property
    def streams(self) -> int:
        """Long answers, for instance recordings, that are being sent to visitors, and as many to staff."""
        return max(self.threads // 16, 2)


class ShortTurns:
    """While Django makes an answer, Python's threads take turns more often; a context for each such thread.

    Otherwise an answer from memory, which takes a twentieth of a millisecond, would wait up to 5 milliseconds
    for the interpreter. When all threads answer from memory, short turns would only interrupt them.
    """

    SECONDS = 0.0005

    def __init__(self) -> None:
        self.usual = sys.getswitchinterval()
        self.lock = threading.Lock()
        self.running = 0

    def __enter__(self) -> None:
        with self.lock:
            self.running += 1
            if self.running == 1:
                sys.setswitchinterval(self.SECONDS)

    def __exit__(self, *_: object) -> None:
        with self.lock:
            self.running -= 1
            if not self.running:
                sys.setswitchinterval(self.usual)


class Bodies:
    """Reads small bodies to their ends, so that a slow client holds only a thread of the server."""

    def __init__(self, at_once: int) -> None:
        self.places = threading.BoundedSemaphore(at_once)

    def read(self, environ: Environ) -> None:
        """Read a small body; leave a long one. Raises Full when too many others are being read."""
        length = body_length(environ)
        if not 0 < length <= SMALL_BODY:
            return
        if not self.places.acquire(blocking=False):
            raise Full
        try:
            environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(length))
        finally:
            self.places.release()


class Admission:
    """A WSGI application in front of Django's, `django`."""

    def __init__(
        self,
        django: Callable[[Environ, StartResponse], Any],
        limits: Limits | None = None,
        *,
        short_turns: bool = True,
    ) -> None:
        self.django = django
        limits = limits or Limits(int(os.environ.get("WEB_THREADS") or THREADS))
        queue = limits.queue
        self.lanes = {
            "page": Lane("page", threads=2, queue=limits.pages, patience=15, nice=PAGE_NICE),
            "form": Lane("form", threads=2, queue=queue, patience=30),
            "staff": Lane("staff", threads=4, queue=queue, patience=30),
            "file": Lane("file", threads=2, queue=queue, patience=15),
            "visitor_upload": Lane("visitor_upload", threads=2, queue=0, patience=30),
            "staff_upload": Lane("staff_upload", threads=6, queue=queue, patience=60),
        }
        # A process that answers nothing from memory does not need them (`config.renderers`).
        self.short_turns = ShortTurns() if short_turns else contextlib.nullcontext()
        self.bodies = Bodies(limits.bodies)
        self.streams = {is_staff: threading.BoundedSemaphore(limits.streams) for is_staff in (False, True)}
        self.files = tuple(
            address
            for address in (settings.STATIC_URL, settings.MEDIA_URL)
            if address and address.startswith("/")
        )

    def __call__(self, environ: Environ, start_response: StartResponse) -> Body:
        try:
            staff = is_staff(environ)
            self.bodies.read(environ)
            lane = self.lanes[self.lane(environ, staff=staff, length=body_length(environ))]
            response = lane.run(lambda: self.answer(environ, start_response))
            return response if isinstance(response, list) else self.stream(response, staff=staff)
        except Full:
            return refuse(start_response)

    def lane(self, environ: Environ, *, staff: bool, length: int) -> str:
        """Return the name of the lane for a request with a body of `length` bytes."""
        if length > SMALL_BODY:
            return "staff_upload" if staff else "visitor_upload"
        if environ["REQUEST_METHOD"] in SAFE and environ["PATH_INFO"].startswith(self.files):
            return "file"
        if staff:
            return "staff"
        return "page" if environ["REQUEST_METHOD"] in SAFE else "form"

    def answer(self, environ: Environ, start_response: StartResponse) -> Body:
        """Return Django's answer: a list when it is complete and closed, else the response itself."""
        with self.short_turns:
            response = self.django(environ, start_response)
            if isinstance(response, list):
                return response
            if getattr(response, "streaming", True) and not is_small(response):
                return response
            try:
                return [b"".join(response)]
            finally:
                response.close()

    def stream(self, response: Any, *, staff: bool) -> Body:
        """Return a long answer, counted until it is sent. Raises Full when too many are being sent."""
        counted = self.streams[staff]
        if not counted.acquire(blocking=False):
            with contextlib.suppress(AttributeError):
                response.close()
            raise Full
        return Stream(response, counted.release)


class Stream:
    """A long answer. Calls `ended` once, when the server closes it."""

    def __init__(self, response: Any, ended: Callable[[], None]) -> None:
        self.response = response
        self.ended: Callable[[], None] | None = ended

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.response)

    def close(self) -> None:
        """End the answer and give its place to another."""
        ended, self.ended = self.ended, None
        if ended is None:
            return
        try:
            if hasattr(self.response, "close"):
                self.response.close()
        finally:
            ended()


def stand_back(nice: int) -> None:
    """Lower the priority of this thread, where the system has priorities of threads."""
    if nice and sys.platform == "linux":
        with contextlib.suppress(OSError):
            thread = threading.get_native_id()
            # The whole process may stand back already.
            os.setpriority(os.PRIO_PROCESS, thread, max(nice, os.getpriority(os.PRIO_PROCESS, thread)))


def is_staff(environ: Environ) -> bool:
    """Return whether the request says that it comes from staff: it has a session, and only staff log in.

    Anyone can claim so. It decides only with whom the request waits.
    """
    return f"{settings.SESSION_COOKIE_NAME}=" in environ.get("HTTP_COOKIE", "")


def body_length(environ: Environ) -> int:
    """Return the length of the body in bytes, 0 for one without a length, which Django does not read."""
    text = environ.get("CONTENT_LENGTH") or ""
    return int(text) if text.isascii() and text.isdigit() else 0


def is_small(response: Any) -> bool:
    """Return whether a streamed response says that it is short enough to be read at once."""
    length = response.headers.get("Content-Length", "") if hasattr(response, "headers") else ""
    return length.isascii() and length.isdigit() and int(length) <= SMALL_FILE


def refuse(
    start_response: StartResponse, status: str = "503 Service Unavailable", page: bytes = BUSY
) -> Body:
    """Answer that the client should come back in a few seconds."""
    start_response(
        status,
        [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(page))),
            ("Cache-Control", "no-store"),
            ("Retry-After", RETRY_AFTER),
            ("X-Content-Type-Options", "nosniff"),
        ],
        # Django may have begun a long answer for which there is no place.
        sys.exc_info(),
    )
    return [page]
