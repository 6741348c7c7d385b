"""The secret in a link: 32 random bytes, of which only a keyed hash is stored."""

from __future__ import annotations

import secrets

from django.utils.crypto import constant_time_compare

from people.audit import fingerprint
from people.models import ApprovalLink

BYTES = 32
LONGEST = 64


def new_token() -> str:
    """256 random bits as 43 characters that an address may hold."""
    return secrets.token_urlsafe(BYTES)


def hash_of(token: str) -> str:
    """What is stored of a token. Keyed with the site's secret: a stolen database opens no link."""
    return fingerprint("approval-link", token)


def link_of(token: str) -> ApprovalLink | None:
    """The link of this token, open or not; None where there is none.

    It is looked up by the keyed hash, so that how long it takes says nothing about the token, and compared again in
    constant time, so that it does not rest on how the database compares.
    """
    wanted = hash_of(token[:LONGEST])
    link = (
        ApprovalLink.objects.select_related("page", "person", "created_by").filter(token_hash=wanted).first()
    )
    return link if link and constant_time_compare(link.token_hash, wanted) else None
