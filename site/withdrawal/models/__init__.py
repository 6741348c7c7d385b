from __future__ import annotations

from withdrawal.models.withdrawal import GoneAddress, TakedownStep, Tombstone, Withdrawal, WithdrawnWords

__all__ = [
    "GoneAddress",
    "TakedownStep",
    "Tombstone",
    "Withdrawal",
    "WithdrawnWords",
]
