"""The secret in a link: 32 random bytes, of which only a keyed hash is stored."""

from __future__ import annotations

import secrets

from django.core.signing import Signer
from django.utils.crypto import constant_time_compare

from approval.models import ApprovalLink
from audit.trail import fingerprint

BYTES = 32
LONGEST = 64


def new_token() -> str:
    """Return 256 random bits as 43 characters that are valid in an address."""
    return secrets.token_urlsafe(BYTES)


def hash_of(token: str) -> str:
    """Return the hash that is stored for a token.

    Keyed with the site's secret: a stolen database opens no link.
    """
    return fingerprint("approval-link", token)


def link_of(token: str) -> ApprovalLink | None:
    """Return the link of this token, open or not, or None.

    The lookup uses the keyed hash, so that its duration reveals nothing about the token. The hash is compared
    again in constant time, so that the result does not depend on how the database compares.
    """
    wanted = hash_of(token[:LONGEST])
    link = (
        ApprovalLink.objects.select_related("page", "person", "created_by").filter(token_hash=wanted).first()
    )
    return link if link and constant_time_compare(link.token_hash, wanted) else None


def proof_of(link: ApprovalLink) -> str:
    """Return the value in the form of the link's own page that proves that an answer was sent from that page.

    It replaces Django's CSRF cookie. Under `Referrer-Policy: no-referrer` browsers send `Origin: null` (Fetch
    standard, section 3.2.5), which Django's check refuses; and a family whose browser keeps no cookies could
    not answer at all.
    """
    return Signer(salt=f"approval.form:{link.pk}").signature(link.token_hash)


def is_proof(link: ApprovalLink, given: str) -> bool:
    """Return True if `given` is the proof for this link."""
    return constant_time_compare(proof_of(link), given)
