"""Connects the audit trail to access to private files."""

from __future__ import annotations

from audit.file_access import private_file_was_read
from media.signals import private_file_read


def connect_signals() -> None:
    """Connect the receivers of this app."""
    private_file_read.connect(private_file_was_read, dispatch_uid="audit.file_access")
