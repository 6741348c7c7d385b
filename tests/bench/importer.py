"""Brings an archive of text-only stories to stored public pages, in a site of its own.

`python importer.py FOLDER ROWS` prints, as JSON, for each step: milliseconds of the processor and statements a row.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

WORDS = (
    "she he could walk stairs table morning hospital doctor held slowly after before week month nothing changed "
    "home school mother father hand foot small big tired happy climbs sat stood spoke word letter garden"
)


def main(folder: Path, rows: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from conditions.models import Condition
    from consent.models import ConsentForm
    from treatments.models import Treatment

    chance = random.Random(3)
    form = ConsentForm.objects.create(name="Archive", version="1", text="I agree.")
    terms = {
        "conditions": [Condition.objects.exclude(name="").order_by("pk").values_list("name", flat=True)[0]],
        "treatments": [Treatment.objects.exclude(name="").order_by("pk").values_list("name", flat=True)[0]],
    }
    stories, consents = folder / "stories.jsonl", folder / "consents.csv"
    stories.write_text("".join(f"{json.dumps({**story(n, chance), **terms})}\n" for n in range(rows)))
    signed = (f"s{n},Person Secretson{n},text; quotes,2026-03-01,yes\n" for n in range(rows))
    consents.write_text("story,name,uses,given_on,understood\n" + "".join(signed))
    found: dict[str, Any] = {}

    def measure(name: str, step: Callable[[], Any]) -> None:
        statements = 0

        def counted(execute: Any, *arguments: Any) -> Any:
            nonlocal statements
            statements += 1
            return execute(*arguments)

        began = time.process_time()
        with connection.execute_wrapper(counted):
            step()
        found[name] = [1000 * (time.process_time() - began) / rows, statements / rows]

    said: dict[str, Any] = {"source": "bench", "verbosity": 0}
    call_command("make_pages", verbosity=0, stdout=sys.stderr)  # those of the site itself
    measure("import a story", lambda: call_command("import_stories", stories, **said))
    measure("the same file again", lambda: call_command("import_stories", stories, **said))
    measure("record a consent", lambda: call_command("record_consents", consents, form=str(form), **said))
    measure("preview a draft", lambda: call_command("publish_imported", **said))
    measure("publish a story", lambda: call_command("publish_imported", publish=True, **said))
    measure("store its page", lambda: call_command("make_pages", stdout=sys.stderr))
    public, stored = published("bench")
    print(json.dumps({"steps": found, "public": public, "stored": stored}))


def story(number: int, chance: random.Random) -> dict[str, Any]:
    """A story of 330 words without pictures."""

    def words(count: int) -> str:
        return " ".join(chance.choice(WORDS.split()) for _word in range(count)).capitalize() + "."

    return {
        "id": f"s{number}",
        "title": f"The stairs, {number}",
        "patient_name": "Ines",
        "country": "Portugal",
        "age_at_treatment": "6",
        "tags": [f"tag {number % 60}"],
        "outcome": "good",
        "relation": "parent",
        "lede": "A year later she climbs the stairs at home.",
        "before": f"{words(55)}\n\n{words(55)}",
        "during": [
            {"type": "text", "value": words(70)},
            {"type": "quote", "text": words(20), "speaker": "Marta"},
        ],
        "after": f"<p>{words(60)}</p><p>{words(60)}</p>",
        "follow_ups": [{"months": 12, "observation": "She climbs five stairs.", "outcome": "good"}],
    }


def published(source: str) -> tuple[int, int]:
    """Return how many stories are public, and of how many the page is stored."""
    from delivery.models import StoredPage
    from importing.models import ImportedStory

    public = ImportedStory.objects.filter(source=source, page__live=True).values_list("page", flat=True)
    return len(public), StoredPage.objects.filter(page__in=public).count()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
