"""The live server of the journeys, which knows what it is still doing.

A closed tab has not taken back what it had asked for: the server's thread goes on answering it. Were the
database put back to its start meanwhile, what that thread writes would meet the next test. So each connection
is counted from the moment it is accepted until its thread has ended, database connections closed; and while
the database is put back (`tests.migrated_database`) every server stands still.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any
from weakref import WeakSet

from django.core.servers.basehttp import ThreadedWSGIServer
from django.test.testcases import LiveServerThread, QuietWSGIRequestHandler

PATIENCE = 30.0  # seconds that a request may still take after its test has ended


class StillAnswering(Exception):
    """Requests that did not end in time: the database cannot be put back beneath them."""


class Handler(QuietWSGIRequestHandler):
    server: Server

    def parse_request(self) -> bool:
        understood = super().parse_request()
        with self.server.changed:
            connection: Any = self.connection
            if connection in self.server.connections:
                self.server.connections[connection] = self.requestline
        return understood


class Knock:
    """A connection of our own, by which `quiet` marks the end of a server's queue."""

    def __init__(self) -> None:
        self.arrived = threading.Event()
        self.over = threading.Event()


class Server(ThreadedWSGIServer):
    """Django's server for tests, counting its connections."""

    def __init__(self, address: tuple[str, int], _handler: type, **options: Any) -> None:
        self.changed = threading.Condition()
        self.connections: dict[socket.socket, str] = {}  # each with the last request that came in on it
        self.knocks: dict[Any, Knock] = {}  # by the address they come from
        super().__init__(address, Handler, **options)
        SERVERS.add(self)

    def server_close(self) -> None:
        SERVERS.discard(self)
        super().server_close()

    # In the accepting thread.
    def process_request(self, request: Any, client_address: Any) -> None:
        if knock := self.knocks.pop(client_address, None):
            knock.arrived.set()
            knock.over.wait()  # nothing else is accepted meanwhile
            self.shutdown_request(request)
            return
        with self.changed:
            self.connections[request] = ""
        super().process_request(request, client_address)

    # In the connection's own thread. The inherited method closes that thread's database connections.
    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self.changed:
                self.connections.pop(request, None)
                self.changed.notify_all()

    @contextlib.contextmanager
    def quiet(self, seconds: float = PATIENCE) -> Iterator[None]:
        """Let what was asked before be answered, and answer nothing while this lasts.

        Connections are accepted in the order in which they are made: when our knock has arrived, all that
        were made before it are counted. They can ask nothing more, but what they have asked is answered to
        its end. Requests that do not end in time are an error, raised when everything else is done.
        """
        deadline = time.monotonic() + seconds
        knock = Knock()
        with socket.socket() as line:
            line.bind(("127.0.0.1", 0))
            self.knocks[line.getsockname()] = knock
            line.settimeout(seconds)
            line.connect(self.server_address[:2])
            try:
                arrived = knock.arrived.wait(seconds)
                with self.changed:
                    for connection in self.connections:
                        with contextlib.suppress(OSError):  # the other side may have gone
                            connection.shutdown(socket.SHUT_RD)
                    self.changed.wait_for(lambda: not self.connections, max(0.0, deadline - time.monotonic()))
                    left = sorted(self.connections.values())
                yield
            finally:
                knock.over.set()
        if left or not arrived:
            raise StillAnswering(
                f"{seconds:.0f} s after the test's end the live server still answered {left}"
            )


SERVERS: WeakSet[Server] = WeakSet()


def install() -> None:
    """Make every live server of this process one that can be quiet."""
    LiveServerThread.server_class = Server


@contextlib.contextmanager
def all_quiet() -> Iterator[None]:
    """As long as this lasts no live server of this process answers anything."""
    with contextlib.ExitStack() as servers:
        for server in list(SERVERS):
            servers.enter_context(server.quiet())
        yield
