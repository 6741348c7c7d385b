"""Short recordings for tests, made when asked for."""

from __future__ import annotations

import functools
import io
import math
from array import array

import av

RATE = 44_100


@functools.cache
def tone(seconds: float = 2.0, loud_until: float | None = None) -> bytes:
    """An MP3 of a tone, quieter by a factor of ten from `loud_until` (seconds) on."""
    buffer = io.BytesIO()
    samples = 1152
    loud = array("h", [int(20_000 * math.sin(index / 10)) for index in range(samples)])
    quiet = array("h", [value // 10 for value in loud])
    with av.open(buffer, "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=RATE)
        stream.layout = "mono"
        for start in range(0, int(seconds * RATE), samples):
            frame = av.AudioFrame(format="s16p", layout="mono", samples=samples)
            frame.sample_rate = RATE
            frame.pts = start
            first = loud_until is None or start < loud_until * RATE
            frame.planes[0].update((loud if first else quiet).tobytes())
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return buffer.getvalue()
