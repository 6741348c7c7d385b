"""What rooms above learn from this one."""

from __future__ import annotations

from django.dispatch import Signal

# What the public sees of some pages changed without their being published: a part came or went, or the whole page came
# down, because of a consent. `pages`: the pages as what they are. Sent once, inside the transaction that changed it.
shown_changed = Signal()
