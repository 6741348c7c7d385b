"""For one machine without other services: the demo site and development."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile

from config.settings.base import *  # noqa: F403
from config.settings.base import VAR, env


def kept_secret_key() -> str:
    """Return the secret key, made at the first run and kept next to the database, never in the repository."""
    given: str = env.str("SECRET_KEY", default="")
    if given:
        return given
    kept = VAR / "secret-key"
    if not kept.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", dir=VAR, prefix="secret-key-"
        ) as draft:  # readable by the owner only
            draft.write(secrets.token_urlsafe(50))
            draft.flush()
            # Linking fails if another process was first: then its key, which is complete, is used.
            with contextlib.suppress(FileExistsError):
                os.link(draft.name, kept)
    return kept.read_text()


SECRET_KEY = kept_secret_key()
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
