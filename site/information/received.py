"""Tidies what a form sends, and recognises robots by time and by a trap. Pure.

No third party is asked. A robot gives itself away in two ways: it fills in a field that visitors do not see,
or it sends the form sooner than a visitor could read it. Both are answered with words and a kept text, never
by silently losing a message: a password manager may fill in a hidden field too.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from django.core import signing

# With hyphens, so that no field made by an editor (snake_case) can have these names.
TRAP = "leave-empty"
STAMP = "opened-at"

LEAST_SECONDS = 3
MOST_SECONDS = 24 * 3600
_SALT = "information.form"

Haste = Literal["", "quick", "old"]

# NUL and its like: PostgreSQL stores no NUL, XML and mail no control characters. Tab and line ends stay.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def tidied(text: str) -> str:
    """Return `text` without control characters and lone surrogates; everything a person can type stays."""
    return _CONTROL.sub("", text)


def tidied_lists(data: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return the same for what a form sent, as lists of values by name."""
    return {tidied(name): [tidied(value) for value in values] for name, values in data.items()}


def stamp(page_id: int) -> str:
    """Return a signed note of when this form was opened."""
    return signing.TimestampSigner(salt=_SALT).sign(str(page_id))


def haste(value: str, page_id: int) -> Haste:
    """Return 'quick' for a form sent sooner than a visitor can read it, 'old' for a stamp that is old, forged
    or missing.
    """
    signer = signing.TimestampSigner(salt=_SALT)
    try:
        if signer.unsign(value, max_age=MOST_SECONDS) != str(page_id):
            return "old"
    except signing.BadSignature:
        return "old"
    try:
        signer.unsign(value, max_age=LEAST_SECONDS)
    except signing.SignatureExpired:
        return ""
    return "quick"


def fingerprint(page_id: int, stamp_value: str, data: Mapping[str, Any]) -> str:
    """Return a hash that is the same only for one form sent twice with the same words (a double click)."""
    text = json.dumps([page_id, stamp_value, data], sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
