"""The first login of the demo site, with its password in a file that only the site's owner can read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User

USERNAME = "editor"


def password_file() -> Path:
    return settings.VAR / "editor-password"


def ensure() -> bool:
    """Create the account unless it exists; return whether it was created. Never change an existing account.

    It is a superuser, so that the whole demo can be tried. A public site gives its editors roles instead
    (docs/operating.md).
    """
    if User.objects.filter(username=USERNAME).exists():
        return False
    User.objects.create_superuser(USERNAME, email="", password=keep(fresh_password()))
    return True


def reset() -> None:
    """Give the account a new password; create the account if there is none."""
    if not ensure():
        account = User.objects.get(username=USERNAME)
        account.set_password(keep(fresh_password()))
        account.is_active = True
        account.save()


def kept_password() -> str | None:
    """Return the password in the file, if it still opens the account."""
    try:
        kept = password_file().read_text().strip()
    except FileNotFoundError:
        return None
    account = User.objects.filter(username=USERNAME).first()
    return kept if account is not None and account.check_password(kept) else None


def fresh_password() -> str:
    """Return four groups of four letters and digits: 80 bits, and short enough to type."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4))


def keep(password: str) -> str:
    file = password_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as open_file:
        open_file.write(password + "\n")
    return password
