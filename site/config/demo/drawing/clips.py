"""Clips for the demo: a slow look at a paper scene in which one thing moves, with soft tones. H.264 and AAC in MP4.

There is no voice: the tones stand in for it, and the captions say what would be said.
"""

from __future__ import annotations

import array
import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from PIL import Image

from config.demo.drawing import paper, svg
from config.demo.drawing.paper import AMBER, CREAM, RED, WHITE, YELLOW, Sheet

SIZE = (960, 540)
VIEW = (960.0, 540.0)
FRAMES_A_SECOND = 12
RATE = 22050
# A pentatonic scale: no two notes of it clash, whatever falls together.
NOTES = (220.0, 261.63, 293.66, 329.63, 392.0, 440.0)
TUNE = (0, 2, 3, 5, 4, 3, 2, 3, 0, 1, 2, 4, 3, 2, 1, 0)


def make_video(target: Path, scene: str, seconds: float, art: Path) -> None:
    with av.open(str(target), "w", options={"movflags": "+faststart"}) as container:
        video = container.add_stream("libx264", rate=FRAMES_A_SECOND)
        video.width, video.height = SIZE
        video.pix_fmt = "yuv420p"
        # A key frame every two seconds: a player that seeks lands close to where it was sent.
        video.options = {"crf": "30", "preset": "slow", "tune": "animation", "g": str(FRAMES_A_SECOND * 2)}
        sound = container.add_stream("aac", rate=RATE, layout="mono")
        sound.bit_rate = 32_000
        for picture in frames(scene, seconds, art):
            frame = av.VideoFrame.from_image(picture)  # type: ignore[no-untyped-call]  # PyAV's own gap
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        for chunk in audio_frames(tones(seconds)):
            container.mux(sound.encode(chunk))
        container.mux(sound.encode(None))


def make_audio(target: Path, seconds: float, cues: Sequence[Sequence[Any]]) -> None:
    """Low tones that rise and fall while somebody would speak."""
    with av.open(str(target), "w", format="ipod", options={"movflags": "+faststart"}) as container:
        sound = container.add_stream("aac", rate=RATE, layout="mono")
        sound.bit_rate = 40_000
        for chunk in audio_frames(tones(seconds, spoken=[(cue[0], cue[1]) for cue in cues if cue[2]])):
            container.mux(sound.encode(chunk))
        container.mux(sound.encode(None))


def frames(scene: str, seconds: float, art: Path) -> Iterator[Image.Image]:
    """The pictures of a clip: the still scene, what moves on it, and the eye coming slowly closer."""
    still = backdrop(scene, art)
    count = round(seconds * FRAMES_A_SECOND)
    for number in range(count):
        t = number / FRAMES_A_SECOND
        picture = still.copy()
        paper.stamp(picture, moving(scene, t, seconds), picture.width / VIEW[0])
        closer = 1 + 0.14 * (0.5 - 0.5 * math.cos(math.pi * number / count))
        width, height = picture.width / closer, picture.height / closer
        left, top = (picture.width - width) * 0.5, (picture.height - height) * 0.7
        view = (left, top, left + width, top + height)
        yield picture.convert("RGB").resize(SIZE, Image.Resampling.BILINEAR, box=view)


def backdrop(scene: str, art: Path) -> Image.Image:
    larger = (SIZE[0] * 3 // 2, SIZE[1] * 3 // 2)
    if scene == "rings":
        shapes, view = svg.read(art / "poster-najib.svg")
        return paper.paint(shapes, larger, view, paper.TONES["sea"]).convert("RGBA")
    shapes, _view = svg.read(art / "bowl.svg")
    # The drawing's own steam stands still; the clip has its own.
    shapes = [shape for shape in shapes if not (shape.width and shape.colour.startswith("#fff"))]
    ground = Image.new("RGBA", larger, paper.TONES["moss"])
    height = larger[1]
    drawing = paper.paint(shapes, (height * 4 // 3, height), (480, 360))
    # The table goes on to both sides of the drawing.
    edge = drawing.crop((0, 0, 2, height)).resize((larger[0], height))
    ground.alpha_composite(edge)
    ground.alpha_composite(drawing, ((larger[0] - drawing.width) // 2, 0))
    return ground


def moving(scene: str, t: float, seconds: float) -> list[paper.Shape]:
    """What moves `t` seconds into a clip, in a view of 960 by 540."""
    s = Sheet(3)
    if scene == "rings":
        along = 0.5 - 0.5 * math.cos(math.tau * t / 31)
        x, y, r = 745 + 150 * along, 462.0, 34.0
        turn = math.degrees((x - 745) / r)
        s.disc(x, y, r, YELLOW)
        band = [
            (x - r * 0.96, y - 9),
            (x, y - 15),
            (x + r * 0.96, y - 9),
            (x + r * 0.96, y + 9),
            (x, y + 3),
            (x - r * 0.96, y + 9),
        ]
        s.blob(paper.turned(band, turn, (x, y)), RED, shadow=False)
    else:
        for number, left in enumerate((410.0, 480.0, 550.0)):
            rise = (t * 9 + number * 13) % 34
            points = [
                (
                    left + (13 if (step + number) % 2 else -13) * math.sin(t * 0.8 + number) - 4,
                    236 - step * 28 - rise,
                )
                for step in range(4)
            ]
            s.line(points, WHITE, 8, curved=True)
        sun = 96 + 70 * t / seconds
        s.disc(150, sun, 50, AMBER)
        s.disc(150, sun, 34, CREAM, shadow=False)
    return s.shapes


def tones(seconds: float, spoken: Sequence[tuple[float, float]] = ()) -> array.array[int]:
    """Samples of 16 bits. With `spoken`, notes fall only there, lower and closer together, like a voice far away."""
    starts = [float(start) for start in range(0, int(seconds) - 3, 2)]
    long, pitch = 3.4, 1.0
    if spoken:
        starts = [start + step * 0.42 for start, end in spoken for step in range(int((end - start) / 0.42))]
        long, pitch = 0.9, 0.5
    mixed = [0.0] * round(seconds * RATE)
    for number, start in enumerate(starts):
        note = NOTES[TUNE[(number * (5 if spoken else 1)) % len(TUNE)]] * pitch
        first = round(start * RATE)
        for at in range(min(round(long * RATE), len(mixed) - first)):
            t = at / RATE
            shape = min(1.0, t / 0.12) * math.exp(-t * 2.2 / long)
            angle = math.tau * note * t
            mixed[first + at] += shape * (
                math.sin(angle) + 0.25 * math.sin(2 * angle) + 0.08 * math.sin(3 * angle)
            )
    loudest = max(1e-09, *(abs(value) for value in mixed))
    fade = RATE * 2
    last = len(mixed)
    return array.array(
        "h", (round(value / loudest * 9000 * min(1.0, (last - at) / fade)) for at, value in enumerate(mixed))
    )


def audio_frames(samples: array.array[int]) -> Iterator[av.AudioFrame]:
    step = 1024
    for start in range(0, len(samples), step):
        chunk = samples[start : start + step]
        frame = av.AudioFrame(format="s16", layout="mono", samples=len(chunk))
        frame.planes[0].update(chunk.tobytes().ljust(frame.planes[0].buffer_size, b"\0"))
        frame.sample_rate = RATE
        frame.pts = start
        frame.time_base = Fraction(1, RATE)
        yield frame
