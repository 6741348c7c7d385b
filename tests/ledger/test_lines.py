from __future__ import annotations

import hashlib

from ledger import lines
from ledger.lines import ABANDONED, Entry


def seal(text: str) -> str:
    return hashlib.sha256(f"secret{text}".encode()).hexdigest()


def written(*entries: Entry) -> list[str]:
    text, previous = [], lines.FIRST
    for entry in (lines.header("L", "2026-01-01"), *entries):
        line, previous = lines.sealed(entry, previous, seal)
        text.append(line)
    return text


A, B, C = (Entry(name, "kind", "2026-01-02", {"person": number}) for number, name in enumerate("ABC"))


def test_a_ledger_reads_as_it_was_written() -> None:
    found = lines.read([*written(A, B), ""], seal)
    assert (found.identity, found.entries, found.ids, found.faults) == ("L", [A, B], {"A", "B"}, [])


def test_an_altered_line_is_named_and_not_taken_in() -> None:
    text = written(A, B)
    text[1] = text[1].replace('"person": 0', '"person": 9')
    found = lines.read(text, seal)
    assert found.entries == [B]
    assert found.faults == ["line 2: the line was altered"]


def test_a_removed_line_is_noticed() -> None:
    text = written(A, B)
    assert lines.read([text[0], text[2]], seal).faults
    assert lines.read([text[0], "{ruined", text[2]], seal).faults


def test_a_line_written_with_another_key_is_noticed() -> None:
    assert len(lines.read(written(A), lambda text: seal(text + "x")).faults) == 2


def test_a_line_cut_off_by_a_crash_is_passed_over() -> None:
    text = written(A)
    cut = lines.read([*text, '{"id": "B", "ki'], seal)
    assert (cut.entries, cut.faults) == ([A], [])
    # The next process begins a new line and follows the last whole one.
    after, _last = lines.sealed(C, cut.last_seal, seal)
    found = lines.read([*text, '{"id": "B", "ki', after], seal)
    assert (found.entries, found.faults) == ([A, C], [])


def test_an_abandoned_decision_is_named() -> None:
    found = lines.read(written(A, Entry("X", ABANDONED, "2026-01-03", {"entry": "A"})), seal)
    assert found.abandoned == {"A"}
    assert found.ids == {"A"}
