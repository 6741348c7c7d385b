"""Records many consents in one transaction, each stored as if it were recorded alone.

Alone, a consent takes about twenty statements. Here what is stored of all is stored with one statement for
each table, the audit trail is continued once, and pages are reassessed once. `tests/consent/test_together.py`
compares the two row by row.
"""

from __future__ import annotations

from collections.abc import Iterable

from audit import trail
from audit.actors import Actor
from changes import log
from changes.signals import keys_of
from consent import services
from consent.models import Consent
from queries import references


class Recording:
    """Consents that are checked one by one, and then stored together. Use it inside one transaction.

    `people`: those on record already, who are locked until the transaction ends. Publishes nothing.
    """

    def __init__(self, *, by: Actor, people: Iterable[int] = ()) -> None:
        self.by = by
        self._waiting: list[Consent] = []
        services.lock(*people)

    def add(self, consent: Consent) -> None:
        """Check a new consent, to be stored with the others. Raises ValidationError, as `record_consent`."""
        consent.created_by = consent.created_by or self.by.user
        consent.full_clean()
        self._waiting.append(consent)

    def store(self) -> None:
        """Store the consents that were added, in their order, with all that `record_consent` stores."""
        consents, self._waiting = self._waiting, []
        if not consents:
            return
        for consent in consents:
            consent.update_computed_fields()
        Consent.objects.bulk_create(consents)
        # What the signals of each row would do.
        references.store_new(consents)
        log.record(*(key for consent in consents for key in keys_of(consent)))
        trail.record_all(by=self.by, entries=[services.recorded(consent) for consent in consents])
        services.tell(sorted({consent.person_id for consent in consents}))
