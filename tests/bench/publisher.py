"""Publishes a story again and again in this process and asks a running site until it shows it: prints JSON.

Run by `bench_publishing` with the site's environment.
"""

from __future__ import annotations

import json
import sys
import time
import urllib.request

LETTERS = "bcdfghklmn"


def main(site: str, slug: str, times: int) -> None:
    import django

    django.setup()
    from experiences.models import StoryPage

    published, seen = [], []
    for number in range(times):
        story = StoryPage.objects.get(slug=slug)
        # In letters: the gate takes a long number for a telephone number.
        story.title = "Published " + "".join(LETTERS[int(digit)] for digit in str(time.time_ns()))
        revision = story.save_revision()
        cpu = time.process_time()
        revision.publish()
        published.append((time.process_time() - cpu) * 1000)
        done = time.monotonic()
        while (
            story.title
            not in urllib.request.urlopen(f"{site}/experiences/{slug}/", timeout=30).read().decode()
        ):
            assert time.monotonic() < done + 10, "the change is not seen"
        if number:  # the first publication loads what the others find loaded
            seen.append((time.monotonic() - done) * 1000)
        else:
            published.clear()
    print(json.dumps({"published": published, "seen": seen}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
