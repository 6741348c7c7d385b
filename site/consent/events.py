"""What this app tells the apps above it."""

from __future__ import annotations

from django.dispatch import Signal

# Consents of some people have changed, or their age or name. `people`: their ids; `at`: since when, or None
# for now; `is_restricted`: whether an officer changed a consent so that it allows less. Sent inside the
# transaction of the change, once for each act.
consent_changed = Signal()
