"""Tasks of the queue."""

from __future__ import annotations

from django_tasks import task

from delivery import making, stored

# A page whose card is shown on very many others: the rest are made when a visitor asks for them.
MOST_OTHERS = 50


@task()
def make_page(number: int) -> None:
    """Make a page that was published, and the stored pages that show it."""
    others = list(stored.showing([number]).exclude(page=number).values_list("page", flat=True)[:MOST_OTHERS])
    making.make_pages([number, *others])


@task()
def make_pages(numbers: list[int]) -> None:
    """Make stored pages again that show something that has changed."""
    making.make_pages(numbers)
