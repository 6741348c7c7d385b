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


def proof_of(link: ApprovalLink) -> str:
    """What the link's own page puts into its form, and nobody else can: the proof that an answer was sent from there.

    It takes the place of Django's CSRF cookie. Under `Referrer-Policy: no-referrer` browsers send `Origin: null`
    (Fetch standard, section 3.2.5), which Django's check refuses; and a family whose browser keeps no cookies could
    not answer at all.
    """
    return Signer(salt=f"approval.form:{link.pk}").signature(link.token_hash)


def is_proof(link: ApprovalLink, given: str) -> bool:
    return constant_time_compare(proof_of(link), given)
