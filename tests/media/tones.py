"""Recordings that tell where one is in them: a tone for each second, a shade of grey for each second. And their reading."""

from __future__ import annotations

import array
import io
import math
from fractions import Fraction
from typing import Any

import av
from PIL import Image

RATE = 48_000
WINDOW = 0.02  # seconds over which a tone is told
SOUND_SUFFIX = {"wav": "pcm_s16le", "mp4": "aac", "webm": "libopus", "ogg": "libopus", "mp3": "libmp3lame"}


def pitch(second: int) -> float:
    """The tone of a second in Hz: a hundred steps, far enough apart to be told in 20 ms."""
    return 400.0 + 100.0 * (second % 20)


def shade(second: int) -> int:
    return 30 + 20 * (second % 10)


def samples(seconds: float) -> array.array[int]:
    """The tones, their phase running on across seconds, as 16-bit samples."""
    made, phase = array.array("h"), 0.0
    for number in range(int(seconds * RATE)):
        phase += 2 * math.pi * pitch(number // RATE) / RATE
        made.append(int(math.sin(phase) * 9000))
    return made


def recording(
    container: str,
    seconds: float = 12,
    *,
    pictures: str = "",
    size: tuple[int, int] = (96, 54),
    picture: Image.Image | None = None,
    metadata: dict[str, str] | None = None,
    **options: str,
) -> bytes:
    """A recording in memory; `pictures` names the codec of its film, if it is to have one.

    The film shows a shade of grey for each second, or `picture` all the time.
    """
    size = picture.size if picture else size
    out = io.BytesIO()
    with av.open(out, "w", format=container, options=options) as made:
        made.metadata.update(metadata or {})
        film: Any = made.add_stream(pictures, rate=10) if pictures else None
        if film:
            film.width, film.height, film.pix_fmt, film.gop_size = *size, "yuv420p", 37
            film.options = (
                {"deadline": "realtime", "cpu-used": "8"} if "vpx" in pictures else {"preset": "ultrafast"}
            )
        sound: Any = made.add_stream(SOUND_SUFFIX[container], rate=RATE)
        sound.layout = "mono"
        frames = _sound_frames(sound, seconds)
        for second in range(math.ceil(seconds)):
            for tenth in range(10) if film else ():
                if second + tenth / 10 < seconds:
                    grey = (shade(second),) * 3
                    frame = av.VideoFrame.from_image(picture or Image.new("RGB", size, grey))
                    frame.pts, frame.time_base = second * 10 + tenth, Fraction(1, 10)
                    made.mux(film.encode(frame))
            while frames and frames[0].time < second + 1:
                made.mux(sound.encode(frames.pop(0)))
        for stream in filter(None, (film, sound)):
            made.mux(stream.encode())
    return out.getvalue()


def _sound_frames(stream: Any, seconds: float) -> list[Any]:
    whole = samples(seconds)
    frame = av.AudioFrame(format="s16", layout="mono", samples=len(whole), align=1)
    frame.planes[0].update(whole.tobytes())
    frame.sample_rate, frame.pts, frame.time_base = RATE, 0, Fraction(1, RATE)
    fifo = av.AudioFifo()
    for piece in av.AudioResampler(
        format=stream.codec_context.codec.audio_formats[0].name, layout="mono", rate=RATE
    ).resample(frame):
        fifo.write(piece)
    size, pieces = stream.codec_context.frame_size or 1024, []
    while (whole_frame := fifo.read(size, partial=True)) is not None:
        pieces.append(whole_frame)
    return pieces


# Reading a clip ---------------------------------------------------------------------------------------------


def heard(content: Any) -> array.array[float]:
    """The samples of a clip at RATE, silence put where its time runs on without any."""
    made: array.array[float] = array.array("f")
    with av.open(content) as opened:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        for frame in opened.decode(audio=0):
            at = round(float(frame.time or 0) * RATE)
            if at > len(made) + RATE // 50:
                made.extend([0.0] * (at - len(made)))
            for piece in resampler.resample(frame):
                made.frombytes(bytes(piece.planes[0])[: piece.samples * 4])
    return made


def pitch_at(sound: array.array[float], second: float) -> float:
    """The tone in Hz around a moment: zero crossings, each placed between its two samples."""
    at, half = int(second * RATE), int(WINDOW * RATE / 2)
    part = sound[max(0, at - half) : at + half]
    ups = [n + part[n] / (part[n] - part[n + 1]) for n in range(len(part) - 1) if part[n] < 0 <= part[n + 1]]
    return (len(ups) - 1) * RATE / (ups[-1] - ups[0]) if len(ups) > 2 else 0.0


def changes(sound: array.array[float], first: int, count: int, near: float) -> list[float]:
    """When the clip's tone changes from second `first`'s to the next and so on: moments in the clip.

    `near`: where the first change is looked for; each is looked for within 0.3 s.
    """
    found = []
    for number in range(count):
        middle = (pitch(first + number) + pitch(first + number + 1)) / 2
        rising = pitch(first + number + 1) > pitch(first + number)
        at = max(WINDOW / 2, near + number - 0.3)
        while at < near + number + 0.3:
            told = pitch_at(sound, at)
            if told and (told > middle) == rising:
                break
            at += 0.005
        found.append(at)
    return found


def shown(content: Any) -> list[tuple[float, int]]:
    """Each picture's moment and shade of grey."""
    with av.open(content) as opened:
        return [
            (float(frame.time), frame.to_image().convert("L").getpixel((5, 5)))
            for frame in opened.decode(video=0)
        ]
