"""What this app tells the apps above it."""

from __future__ import annotations

from django.dispatch import Signal

# What some people agreed to has changed, or who they are to the law. `people`: their numbers; `at`: since when, or None
# for now. Sent inside the transaction of the change, once for each act.
consent_changed = Signal()
