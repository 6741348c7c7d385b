"""What this app tells the apps above it."""

from __future__ import annotations

from django.dispatch import Signal

# A consent changed what visitors see of some pages without a publication: a part was redacted or shown again,
# or the page was unpublished. `pages`: the pages, each as its own type. Sent once, inside the transaction of
# the change.
shown_changed = Signal()
