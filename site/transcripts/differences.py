"""The differences between two lists of tokens. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from transcripts.words import Token


@dataclass
class Step:
    """One step from the words in the transcript (`a`) to the published words (`b`); `kind` is its name in the
    rule.
    """

    op: Literal["same", "del", "add"]
    a: Token | None = None
    b: Token | None = None
    kind: str = ""


def differences(a: list[Token], b: list[Token]) -> list[Step]:
    """Return the steps from `a` to `b` that keep the longest common run; counted words weigh more than free
    words.

    Takes O(n x m) between the common start and the common end.
    """
    head = 0
    while head < min(len(a), len(b)) and _is_same_word(a[head], b[head]):
        head += 1
    tail = 0
    while tail < min(len(a), len(b)) - head and _is_same_word(a[-1 - tail], b[-1 - tail]):
        tail += 1
    steps = [Step("same", one, two) for one, two in zip(a[:head], b[:head], strict=True)]
    steps += _between(a[head : len(a) - tail], b[head : len(b) - tail])
    if tail:
        steps += [Step("same", one, two) for one, two in zip(a[-tail:], b[-tail:], strict=True)]
    return steps


def _is_same_word(a: Token, b: Token) -> bool:
    return not a.free and a.key == b.key


def _weight(token: Token) -> int:
    return 1 if token.free else 2


def _weights(left: list[Token], right: list[Token]) -> list[list[int]]:
    """Return, for each pair of positions, the weight of the longest common run from there on."""
    m = len(right)
    weights = [[0] * (m + 1) for _ in range(len(left) + 1)]
    for i in range(len(left) - 1, -1, -1):
        row, below, key, weight = weights[i], weights[i + 1], left[i].key, _weight(left[i])
        for j in range(m - 1, -1, -1):
            best = below[j] if below[j] > row[j + 1] else row[j + 1]
            if key == right[j].key and below[j + 1] + weight > best:
                best = below[j + 1] + weight
            row[j] = best
    return weights


def _between(left: list[Token], right: list[Token]) -> list[Step]:
    weights = _weights(left, right)
    steps: list[Step] = []
    i = j = 0
    n, m = len(left), len(right)
    while i < n or j < m:
        if (
            i < n
            and j < m
            and left[i].key == right[j].key
            and weights[i][j] == weights[i + 1][j + 1] + _weight(left[i])
        ):
            steps.append(Step("same", left[i], right[j]))
            i, j = i + 1, j + 1
        elif i < n and (j >= m or weights[i + 1][j] >= weights[i][j + 1]):
            steps.append(Step("del", a=left[i]))
            i += 1
        else:
            steps.append(Step("add", b=right[j]))
            j += 1
    return steps
