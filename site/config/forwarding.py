"""The front's half of the line between a process that accepts connections and one that runs Django.

Python runs one thread of a process at a time, so a page that is being made would hold up every page that is
answered from memory in the same process. Therefore Django runs in processes of its own (`config.renderers`).
For each request the front makes a pair of sockets and passes one of the two through `door`, a socket that all
processes have inherited. Then these messages pass, each with its length (`multiprocessing.connection`):

    renderer  b"": it has taken the request
    front     the request: environ, small body, what is asked beside (`Request`)
    renderer  ("read", bytes): it wants so much of a long body, and the front sends it, b"" at the end
    renderer  ("page", entry), ("answer", status, headers, body), ("failed",), or
              ("stream", status, headers) and then each part of the body, b"" at the end

Both processes are of the same program and the sockets have no name, so that no other program can speak here.
"""

from __future__ import annotations

import io
import logging
import os
import pickle
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe
from typing import Any

from changes import reader
from config.admission import (
    SMALL_BODY,
    THREADS,
    Bodies,
    Body,
    Environ,
    Full,
    Limits,
    StartResponse,
    body_length,
    refuse,
)
from delivery.middleware import IN_ENVIRON

logger = logging.getLogger(__name__)

# Seconds in which a renderer must take a request. One that has ended is there again much sooner.
PATIENCE = 15.0
CHECK_PATIENCE = 1.0
SENT = (str, bytes, int, float, bool, tuple)
LOST = (
    b'<!doctype html><html lang="en"><meta charset="utf-8"><title>No answer</title>'
    b"<h1>The site could not answer</h1><p>Please try again."
)


class Lost(OSError):
    """The other process has ended, or the client has. Django takes it for a body that cannot be read."""


class Failed(Exception):
    """Django raised an exception. The renderer has logged it."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a renderer is told of a request.

    `environ`: without what both processes have inherited. `body`: None for a long one, which is read when it
    is needed. `told_at`: when the front last learned of a change (`changes.reader.told_at`).
    """

    environ: Environ
    body: bytes | None
    told_at: float


class Line:
    """The connection for one request. Its methods raise Lost when the other process has ended."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def send(self, message: object) -> None:
        self.send_bytes(pickle.dumps(message, pickle.HIGHEST_PROTOCOL))

    def receive(self) -> Any:
        return pickle.loads(self.receive_bytes())  # noqa: S301 - written by this program

    def send_bytes(self, part: bytes) -> None:
        try:
            self.connection.send_bytes(part)
        except OSError as error:
            raise Lost from error

    def receive_bytes(self) -> bytes:
        try:
            return self.connection.recv_bytes()
        except (EOFError, OSError) as error:
            raise Lost from error

    def close(self) -> None:
        self.connection.close()


class Forwarding:
    """A WSGI application that has each request answered by a renderer."""

    def __init__(self, door: socket.socket, limits: Limits | None = None, patience: float = PATIENCE) -> None:
        self.door, self.patience = door, patience
        self.inherited = dict(os.environ)
        limits = limits or Limits(int(os.environ.get("WEB_THREADS") or THREADS))
        self.bodies = Bodies(limits.bodies)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Body:
        try:
            # Before a renderer is asked: a client may take its time.
            self.bodies.read(environ)
            line = self.knock()
        except Full:
            return refuse(start_response)
        kept_open = False
        try:
            line.send(self.request(environ))
            response = self.answer(line, environ, start_response)
            kept_open = isinstance(response, Parts)
            return response
        except Lost:
            logger.exception("The process that answered %s has ended.", environ["PATH_INFO"])
            return refuse(start_response, "502 Bad Gateway", LOST)
        finally:
            if not kept_open:
                line.close()

    def knock(self, patience: float | None = None) -> Line:
        """Return the connection to a renderer that has taken the request. Raises Full when none does."""
        mine, other = Pipe()
        with other:
            try:
                socket.send_fds(self.door, [b"."], [other.fileno()])
            except OSError as error:  # so many wait that no more can
                mine.close()
                raise Full from error
        try:
            if mine.poll(self.patience if patience is None else patience):
                mine.recv_bytes()
                return Line(mine)
        except (EOFError, OSError):
            logger.warning("A process that makes answers ended when it had taken a request.")
        mine.close()
        raise Full

    def request(self, environ: Environ) -> Request:
        """Return what a renderer is told. The reader is asked after the page cache noted when it began."""
        sent = {
            name: value
            for name, value in environ.items()
            if isinstance(value, SENT) and self.inherited.get(name) != value
        }
        body = environ["wsgi.input"]
        small = body.getvalue() if isinstance(body, io.BytesIO) else None
        return Request(sent, small, reader.told_at())

    def answer(self, line: Line, environ: Environ, start_response: StartResponse) -> Body:
        """Return the renderer's answer. A page that may be kept is left in `environ`, as Django leaves it."""
        while True:
            kind, *content = line.receive()
            if kind == "read":
                line.send_bytes(environ["wsgi.input"].read(content[0]))
            elif kind == "page":
                environ[IN_ENVIRON] = content[0]
                return []
            elif kind == "answer":
                status, headers, body = content
                start_response(status, headers)
                return [body]
            elif kind == "stream":
                start_response(*content)
                return Parts(line)
            else:
                raise Failed

    def check(self) -> None:
        """Raise an exception unless a renderer answers: a check of /readyz."""
        line = self.knock(CHECK_PATIENCE)
        try:
            line.send(Request({"REQUEST_METHOD": "GET", "PATH_INFO": "/healthz"}, b"", 0.0))
            if not line.connection.poll(CHECK_PATIENCE):
                raise Full
            line.receive()
        finally:
            line.close()


class Parts:
    """A long answer, part by part."""

    def __init__(self, line: Line) -> None:
        self.line = line

    def __iter__(self) -> Iterator[bytes]:
        while part := self.line.receive_bytes():
            yield part

    def close(self) -> None:
        """End it; the renderer notices."""
        self.line.close()


class LongBody(io.RawIOBase):
    """In a renderer: a request's body, of which the front reads each part when it is asked for."""

    def __init__(self, line: Line) -> None:
        self.line = line

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.line.send(("read", len(buffer)))
        part = self.line.receive_bytes()
        buffer[: len(part)] = part
        return len(part)


def body_of(request: Request, line: Line) -> io.BufferedIOBase:
    """Return the body of a request, in a renderer."""
    if request.body is not None:
        return io.BytesIO(request.body)
    if not body_length(request.environ):
        return io.BytesIO()
    return io.BufferedReader(LongBody(line), min(SMALL_BODY, 64 * 1024))
