"""The demo's settings, in which one address holds the whole process, and one says which process answers."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from pathlib import Path

from django.http import HttpRequest, HttpResponse

from config.settings.dev import *  # noqa: F403 - settings on top of others

ALLOWED_HOSTS = ["127.0.0.1", "www.example.org"]
VAR_FOLDER = Path(os.environ["FIRSTHAND_VAR"])


class Holding:
    """/hold/ waits, with Python's interpreter, until a byte comes through the named pipe "hold".

    So no other thread of the process runs: as for a page that is being made, but for as long as a test likes.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/process/":
            return HttpResponse(str(os.getpid()))
        if request.path == "/hold/":
            with (VAR_FOLDER / "hold").open("rb") as pipe:
                # Functions of a PyDLL keep the interpreter while they run.
                ctypes.PyDLL(None).read(pipe.fileno(), ctypes.create_string_buffer(1), 1)
            return HttpResponse("held")
        return self.get_response(request)


MIDDLEWARE = ["tests.operating.held_settings.Holding", *MIDDLEWARE]  # noqa: F405 - from there
