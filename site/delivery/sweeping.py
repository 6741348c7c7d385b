"""Makes stored pages again after something that they show has changed."""

from __future__ import annotations

from changes import log
from changes.models import Change
from delivery import stored, tasks

LOOK_BACK = 60_000_000  # microseconds
# A change of so many pages at once (an import, a move) is left to the visitors who ask for the pages.
MOST = 200


def sweep() -> int:
    """Delete stored pages that show a page as it was before a recent change, and have them made again.

    They are never sent, since `stored.read` sees that they are out of date. What was withdrawn must not stay
    in the database either. Return how many were deleted.
    """
    recent = Change.objects.filter(key__startswith="page:", version__gte=log.now() - LOOK_BACK)
    changed = [(key.removeprefix("page:"), version) for key, version in recent.values_list("key", "version")]
    again: set[int] = set()
    for number, version in changed[:MOST]:
        if number.isdigit():
            rows = list(stored.showing([int(number)], before=version).values_list("pk", "page"))
            again |= {page for _row, page in rows}
            stored.delete(row for row, _page in rows)
    if again:
        tasks.make_pages.enqueue(sorted(again)[:MOST])
    return len(again)
