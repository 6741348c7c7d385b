"""Run with a node's environment: makes the content of tests/operating/test_nodes.py and prints its numbers.

With "--long-file" also a document of 8 MB.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "site")]


def make_content() -> dict[str, str]:
    from django.contrib.auth.models import User
    from wagtail.models import Site

    from tests import factories as make

    home = make.home()
    Site.objects.update(hostname="www.example.org", port=443)
    User.objects.create_superuser("editor", "editor@example.org", "only-for-tests")
    public = make.StoryPageFactory(
        title="Fourteen stairs", picture=make.PictureFactory(file=make.png(640, 480, "crimson"))
    )
    draft = make.StoryPageFactory(title="A spoon and a bowl", live=False)
    draft.save_revision()
    return {
        "home": home.url,
        "list": public.get_parent().url,
        "public": public.url,
        "public_consent": str(public.person.consents.get().pk),
        "draft": draft.url,
        "draft_id": str(draft.pk),
    }


if __name__ == "__main__":
    import django

    django.setup()
    from tests.operating.long_file import publish

    document = {"document": publish()} if "--long-file" in sys.argv else {}
    print(json.dumps({**make_content(), **document}))
