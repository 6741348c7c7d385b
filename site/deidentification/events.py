"""Signals that this app sends."""

from __future__ import annotations

from django.dispatch import Signal

# Reading a document takes longer than publishing can wait for. Argument: `document`.
took_too_long = Signal()

# An editor asks for the words of a scanned document. Argument: `document`.
asked_for_recognition = Signal()
