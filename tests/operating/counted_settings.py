"""The demo's settings, which also write down each request that reaches Django."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from django.http import HttpRequest, HttpResponse

from config.settings.dev import *  # noqa: F403

ALLOWED_HOSTS = ["127.0.0.1", "www.example.org"]
COUNTED = Path(os.environ["FIRSTHAND_VAR"]) / "reached-django"


class Counting:
    """Appends the address of each request to COUNTED, before anything else is done for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with COUNTED.open("a") as file:
            file.write(f"{request.path}\n")
        return self.get_response(request)


MIDDLEWARE = ["tests.operating.counted_settings.Counting", *MIDDLEWARE]  # noqa: F405
