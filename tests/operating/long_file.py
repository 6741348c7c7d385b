"""Run with a site's environment: publishes a document of 8 MB and prints its address."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "site")]


def publish() -> str:
    from django.core.files.base import ContentFile
    from wagtail.models import Site

    from tests import factories as make

    make.home()
    Site.objects.update(hostname="127.0.0.1")
    content = b"nothing\n" * 1_000_000
    document = make.DocumentFactory(title="Report", file=ContentFile(content, name="report.txt"))
    make.StandardPageFactory(title="Report", body=[{"type": "document", "value": {"document": document.pk}}])
    document.refresh_from_db()
    return str(document.url)


if __name__ == "__main__":
    import django

    django.setup()
    print(publish())
