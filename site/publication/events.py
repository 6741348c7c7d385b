"""What this app tells the apps above it."""

from __future__ import annotations

from django.dispatch import Signal

# A consent changed what visitors see of some pages without a publication: a part was redacted or shown again,
# or the page was unpublished. `pages`: the pages, each as its own type. Sent once, inside the transaction of
# the change.
shown_changed = Signal()

# A page about a person was stored with all its rows. `page`: as it is in memory; `earlier`: what it
# referred to before (`publication.shown_files.Reference`), None for a new page. Sent once at the end of
# `AboutPerson.save`, inside its transaction.
page_stored = Signal()

# Many drafts about people are about to be judged together: what the gate's rules ask of each can be read for
# all (`queries.kept`). `pages`: the drafts in memory; `people`: the ids of those whom they are about.
read_ahead = Signal()

# Many pages of one type were published together (`publication.together`). Sent once, in their transaction,
# after Wagtail's `page_published` of each. `pages`: the pages. A receiver that does for all what another does
# for one has that other ask `is_publishing_many`.
pages_published = Signal()
