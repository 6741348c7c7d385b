"""Another process of the site: answers requests for pages from its own memory.

With "renderers", Django runs in a process of its own, as in the embedded server.

Started by `processes.Process` with the test's database and folders. Reads one JSON object a line (url, host)
and answers with one (status, body).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def start(given: dict[str, Any]) -> None:
    from django.conf import settings

    settings.VAR = Path(given["var"])
    settings.MEDIA_ROOT = Path(given["media"])
    settings.STORAGES["private"]["OPTIONS"]["location"] = Path(given["private"])
    settings.PAGE_CACHE_MEGABYTES = 16
    settings.DATABASES["default"]["NAME"] = given["database"]
    import django

    django.setup()


def main() -> None:
    given = json.loads(sys.stdin.readline())
    start(given)
    from django.core.handlers.wsgi import WSGIHandler
    from django.db import connection

    from config.forwarding import Forwarding
    from config.renderers import Renderers
    from tests.delivery.visitors import Visitor

    renderers = Renderers(WSGIHandler, number=given["renderers"], threads=4, patience=5)
    renderers.start()
    visitor = Visitor(django=Forwarding(renderers.door) if given["renderers"] else None)
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        if "close" in asked:  # the database is put back after a test
            connection.close()
            renderers.stop()
            break
        answer = visitor.get(asked["url"], host=asked["host"])
        print(json.dumps({"status": answer.status, "body": answer.text}), flush=True)


if __name__ == "__main__":
    main()
