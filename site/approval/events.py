"""What this app tells the apps above it."""

from __future__ import annotations

from django.dispatch import Signal

# A link to a draft was created, inside the transaction that creates it. `link`: the link; `page`: the draft
# it shows.
link_created = Signal()

# A draft is about to be rendered for a family. `link`, `page` as above; `context`: the context of the
# template, to which a receiver adds what only publication would prepare otherwise.
draft_rendering = Signal()
