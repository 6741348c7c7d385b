"""The processes in which Django runs, when those that accept connections only answer from memory.

`Renderers` starts them in the process that is fully loaded, and again when one ends. Each takes requests from
the door (`config.forwarding`) and answers them through `Admission`, as a process that does everything would.
"""

from __future__ import annotations

import contextlib
import copy
import logging
import os
import selectors
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from typing import Any, NoReturn

from changes import reader
from config.forwarding import Line, Lost, Request, body_of
from config.serve import die_with_parent
from delivery.entry import Entry
from delivery.wsgi import WANTED, made_entry

logger = logging.getLogger(__name__)

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
# After a renderer that ended so soon, the next one is started after a pause; both in seconds.
SOON, PAUSE = 5.0, 1.0
# When the server ends, no client waits for their answers any more.
LAST = 2.0
# Not all of them are on every system; the module is imported on all.
SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
# How far renderers stand back for answers from memory when all cores are busy.
NICE = 5


def are_possible() -> bool:
    """Return whether this system can have renderers: it forks, and a child ends with its parent."""
    return sys.platform == "linux"


class Renderers:
    """Keeps `number` processes running that answer with what `load` returns, each with so many threads."""

    def __init__(
        self, load: Callable[[], Application], *, number: int, threads: int, patience: float
    ) -> None:
        self.load, self.number, self.threads, self.patience = load, number, threads, patience
        self.door, self.inner_door = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # If none takes a request for so long that the system's queue is full, a front does not wait either.
        self.door.settimeout(patience)
        self.inner_door.setblocking(False)
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.processes: dict[int, int] = {}
        self.watching: list[threading.Thread] = []

    def start(self) -> None:
        """Start the processes; return when all have been forked."""
        for place in range(self.number):
            forked = threading.Event()
            thread = threading.Thread(target=self.watch, args=(place, forked), name="renderer", daemon=True)
            thread.start()
            forked.wait()
            self.watching.append(thread)

    def watch(self, place: int, forked: threading.Event) -> None:
        """Keep one process running. Linux ends a child with the thread that forked it: this one stays."""
        # The handlers of this process announce its stop. The child must not run them before it has its own.
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        while not self.stopping.is_set():
            began = time.monotonic()
            try:
                status = self.fork_and_wait(place, forked)
            except OSError:  # too many processes, or no memory: later perhaps
                logger.exception("A process that makes answers could not be started.")
            else:
                if not self.stopping.is_set():
                    logger.error("A process that makes answers ended (%s). It is started again.", status)
            if time.monotonic() - began < SOON:
                self.stopping.wait(PAUSE)

    def fork_and_wait(self, place: int, forked: threading.Event) -> int:
        """Return the exit status of a process, when it has ended."""
        with self.lock:
            if self.stopping.is_set():
                return 0
            process = os.fork()
            if not process:
                self.run()
            self.processes[place] = process
        forked.set()
        # Its number stays taken until it is removed from the list, so that no other process is sent a signal.
        os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)
        with self.lock:
            del self.processes[place]
            return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])

    def run(self) -> NoReturn:
        """Be a renderer, in the process that was just forked."""
        status = 1
        try:
            # Ctrl-C reaches all processes of a terminal; the first one decides when this one stops.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
            die_with_parent()
            stand_back()
            self.door.close()
            Renderer(self.load(), self.threads, self.patience).serve(self.inner_door)
            status = 0
        except BaseException:
            logger.exception("A process that makes answers could not go on.")
        finally:
            # Nothing of the process that was copied may run here, for instance what it does at its own end.
            os._exit(status)

    def stop(self) -> None:
        """Stop the processes. No front is left, so that what they still do is not waited for long."""
        with self.lock:
            self.stopping.set()
            self.tell(signal.SIGTERM)
        deadline = time.monotonic() + LAST
        for thread in self.watching:
            thread.join(max(0.0, deadline - time.monotonic()))
        with self.lock:
            self.tell(signal.SIGKILL)

    def tell(self, number: signal.Signals) -> None:
        for process in self.processes.values():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)


class Renderer:
    """One process that answers what comes through the door."""

    def __init__(self, application: Application, threads: int, patience: float) -> None:
        self.application, self.patience = application, patience
        self.inherited = dict(os.environ)
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self.asked_to_stop = False

    def serve(self, door: socket.socket) -> None:
        """Answer until SIGTERM; then end what has begun. The next of what waits is for another renderer."""
        woken, waking = socket.socketpair()
        waking.setblocking(False)
        signal.set_wakeup_fd(waking.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGTERM, self.stop)
        with selectors.PollSelector() as waiting:
            waiting.register(door, selectors.EVENT_READ)
            waiting.register(woken, selectors.EVENT_READ)
            while not self.asked_to_stop:
                if any(key.fileobj is door for key, _events in waiting.select()):
                    self.take(door)
        self.pool.shutdown()

    def stop(self, *_: Any) -> None:
        self.asked_to_stop = True
        signal.alarm(max(1, round(self.patience)))

    def take(self, door: socket.socket) -> None:
        """Begin to answer the next request, unless another process was quicker."""
        with contextlib.suppress(BlockingIOError):
            _sign, descriptors, _flags, _address = socket.recv_fds(door, 1, 1)
            for descriptor in descriptors:
                self.pool.submit(self.answer, Connection(descriptor))

    def answer(self, connection: Connection) -> None:
        """Answer one request. The client, or the front, may have gone at any moment."""
        line = Line(connection)
        with connection, contextlib.suppress(Lost):
            line.send_bytes(b"")
            request: Request = line.receive()
            try:
                self.run(request, line)
            except Lost:
                raise
            except Exception:
                logger.exception("A request could not be answered.")
                line.send(("failed",))

    def run(self, request: Request, line: Line) -> None:
        # What the front knows is known here before anything is read that this process keeps.
        knows = reader.catch_up(request.told_at)
        environ = {
            **self.inherited,
            **request.environ,
            "wsgi.input": body_of(request, line),
            "wsgi.errors": sys.stderr,
        }
        given: list[Any] = []
        response = self.application(environ, lambda *arguments: given.append(arguments))
        status, headers = given[-1][:2]
        entry = made_entry(environ) if environ.get(WANTED) else None
        try:
            if entry is not None and knows:
                line.send(("page", without_known(entry)))
            elif isinstance(response, list):
                line.send(("answer", status, headers, b"".join(response)))
            else:
                line.send(("stream", status, headers))
                for part in response:
                    if part:
                        line.send_bytes(part)
                line.send_bytes(b"")
        finally:
            if close := getattr(response, "close", None):
                close()


def without_known(entry: Entry) -> Entry:
    """Return a copy for another process: only what stores the page needs what was known of other changes."""
    copied = copy.copy(entry)
    copied.known = {}
    return copied


def stand_back() -> None:
    """Let answers from memory go first when all cores are busy."""
    with contextlib.suppress(OSError):
        os.nice(NICE)
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
