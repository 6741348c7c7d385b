"""How long a transcript of 1 MB and of 2 MB takes to read: linear time doubles, and no more."""

from __future__ import annotations

import statistics
import time

from tests.transcripts.test_transcripts_anything import LONG
from transcripts import read

ROUNDS = 5


def seconds(data: bytes) -> float:
    begin = time.process_time()
    read(data)
    return time.process_time() - begin


def bench_transcripts() -> None:
    print(
        "\nReading transcripts, processor seconds, median of 5 (wanted: 1 MB in less than 2 s, ratio about 2)"
    )
    for kind in ("cues", "srt", "one speaker", "commas", "unclosed tags"):
        once, twice = LONG[kind].encode(), LONG[kind].encode() + LONG[kind].removeprefix("WEBVTT").encode()
        pairs = [(seconds(once), seconds(twice)) for _round in range(ROUNDS)]
        one, two = (statistics.median(pair[index] for pair in pairs) for index in (0, 1))
        per_megabyte = one / (len(once) / 1e6)
        print(f"  {kind:14} {per_megabyte:6.2f} s a MB   twice as long: x{two / max(one, 1e-9):4.2f}")
