"""The demo site's first login: made once, its password kept in a file that only the owner of the site can read."""

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
    """Make the account unless it exists; say whether it was made. An existing account is never changed.

    It is a superuser: whoever tries the demo shall meet no closed door. A public site gives its editors the
    roles instead (docs/operating.md).
    """
    if User.objects.filter(username=USERNAME).exists():
        return False
    User.objects.create_superuser(USERNAME, email="", password=keep(fresh_password()))
    return True


def reset() -> None:
    """Give the account a new password, and make the account when there is none."""
    if not ensure():
        account = User.objects.get(username=USERNAME)
        account.set_password(keep(fresh_password()))
        account.is_active = True
        account.save()


def kept_password() -> str | None:
    """The password in the file, if it (still) opens the account."""
    try:
        kept = password_file().read_text().strip()
    except FileNotFoundError:
        return None
    account = User.objects.filter(username=USERNAME).first()
    return kept if account is not None and account.check_password(kept) else None


def fresh_password() -> str:
    """Four groups of four letters and digits: 80 bits, and still possible to type."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4))


def keep(password: str) -> str:
    file = password_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as open_file:
        open_file.write(password + "\n")
    return password
