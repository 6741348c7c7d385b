"""Cuts a short clip out of a recording: a new public file made from a private one. No Django.

Sound becomes AAC in MP4 (.m4a); pictures become H.264, upright, 480 lines at most (480 wide for upright
videos), with AAC. The index comes first, so that a player can start before the file is complete. The cut is
exact: decoding begins at the preceding key frame, and samples outside the cut are dropped.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import av
from av.filter import Graph
from av.video.frame import PictureType

from uploads.errors import EditorError

SAMPLE_RATE = 48_000
LONGEST = 600.0  # seconds; a quote is never longer
VIDEO_LINES = 480
EARLIER = 0.5  # seconds: some decoders need a run-up
# FFmpeg guesses what a file is, and would open every file that a playlist names.
KINDS_OF_FILE = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,ogg,wav,mp3,aac,flac,avi,mpegts"
TURNS = {90: "cclock", 270: "clock"}  # degrees counter-clockwise -> FFmpeg's name of the turn


class CannotCut(EditorError):
    """The recording cannot be cut there; the message says why."""


def cut(source: str | IO[bytes], target: Path, *, start: float, end: float, video: bool) -> float:
    """Write the seconds `start` to `end` of `source` to `target`, complete or not at all; return its length.

    `video` keeps the picture. Raises CannotCut when nothing can be read or cut there.
    """
    if not 0 <= start < end or end - start > LONGEST:
        raise CannotCut(
            f"A clip must end later than it starts and last at most {LONGEST:.0f} seconds; "
            f"{start:.1f} to {end:.1f} is not possible."
        )
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".cutting-", suffix=target.suffix)
    os.close(handle)
    partial = Path(name)
    try:
        length = _cut(source, partial, start, end, video)
        # Renamed in one step, so that no visitor ever gets half a clip.
        partial.chmod(0o644)
        partial.replace(target)
    except CannotCut:
        raise
    # FFmpeg's errors have many classes, and some broken files raise plain ValueError or IndexError.
    except (av.FFmpegError, ValueError, IndexError) as error:
        reason = getattr(error, "strerror", "") or str(error)
        raise CannotCut(f"The recording cannot be read from {start:.1f} to {end:.1f} s: {reason}.") from error
    finally:
        partial.unlink(missing_ok=True)
    return length


def _cut(source: str | IO[bytes], partial: Path, start: float, end: float, video: bool) -> float:
    with av.open(source, "r", options={"format_whitelist": KINDS_OF_FILE}) as recording:
        sound = next(iter(recording.streams.audio), None)
        picture = next(iter(recording.streams.video), None) if video else None
        if not sound and not picture:
            raise CannotCut("The recording has no sound that can be cut.")
        turn = _turn(recording, picture) if picture else 0
        options = {"movflags": "+faststart"}
        with av.open(str(partial), "w", format="mp4", options=options) as clip:
            tracks = [_Track(clip, stream, start, end, turn) for stream in (picture, sound) if stream]
            recording.seek(int(max(0.0, start - EARLIER) * av.time_base), backward=True)
            open_tracks = set(range(len(tracks)))
            by_index = {track.stream.index: number for number, track in enumerate(tracks)}
            for packet in recording.demux([track.stream for track in tracks]):
                number = by_index[packet.stream.index]
                if number not in open_tracks:
                    continue
                for frame in _decoded(packet):
                    if tracks[number].past(frame):
                        open_tracks.discard(number)
                        break
                    tracks[number].push(frame)
                if not open_tracks:
                    break
            length = max(track.finish() for track in tracks)
            if length <= 0:
                raise CannotCut(f"The recording ends before {start:.1f} s.")
    return length


def _turn(recording: Any, stream: Any) -> int:
    """Return the degrees (0, 90, 180 or 270) by which a player must turn the pictures counter-clockwise."""
    frame: Any = next(recording.decode(stream), None)
    return round(getattr(frame, "rotation", 0) / 90) * 90 % 360


def _decoded(packet: Any) -> Iterator[Any]:
    """Yield the packet's frames. A damaged packet in the middle of a recording is skipped."""
    with contextlib.suppress(av.InvalidDataError):
        yield from packet.decode()


class _Track:
    """One stream of the clip: takes decoded frames, trims them to the cut and encodes them."""

    def __init__(self, clip: Any, stream: Any, start: float, end: float, turn: int) -> None:
        self.clip, self.stream, self.start, self.end, self.turn = clip, stream, start, end, turn
        self.graph: Graph | None = None
        self.length = 0.0
        if stream.type == "video":
            self.out = clip.add_stream("libx264", rate=stream.average_rate or 25)
            self.out.options = {"crf": "26", "preset": "veryfast", "profile": "main"}
            self.out.pix_fmt = "yuv420p"
            wide, high = stream.width * float(stream.sample_aspect_ratio or 1), float(stream.height)
            if turn in TURNS:
                wide, high = high, wide
            scale = min(1.0, VIDEO_LINES / min(wide, high))
            self.out.width, self.out.height = (max(2, round(side * scale / 2) * 2) for side in (wide, high))
        else:
            self.out = clip.add_stream("aac", rate=SAMPLE_RATE)
            self.out.bit_rate = 96_000
            self.out.layout = "mono" if stream.layout.nb_channels == 1 else "stereo"

    def _time(self, frame: Any) -> float:
        return float(frame.time or 0.0)

    def past(self, frame: Any) -> bool:
        return self._time(frame) >= self.end

    def _build(self, frame: Any) -> Graph:
        graph = Graph()
        inside = f"start={self.start:.6f}:end={self.end:.6f}"
        if self.stream.type == "video":
            # A frame is visible until the next one, so the frame visible when the cut begins belongs to the
            # clip.
            chain = [
                graph.add_buffer(template=self.stream, time_base=frame.time_base),
                graph.add("fps", f"fps={self.stream.average_rate or 25}"),
                graph.add("settb", "1/90000"),
                graph.add("trim", inside),
                graph.add("setpts", f"PTS-{self.start:.6f}/TB"),
                graph.add("fps", f"fps={self.stream.average_rate or 25}:start_time=0"),
                *self._turned(graph),
                graph.add("scale", f"{self.out.width}:{self.out.height}"),
                graph.add("setsar", "1"),
                graph.add("format", "yuv420p"),
                graph.add("buffersink"),
            ]
        else:
            layout = self.out.layout.name
            chain = [
                graph.add_abuffer(template=self.stream, time_base=frame.time_base),
                graph.add("atrim", inside),
                graph.add("asetpts", f"PTS-{self.start:.6f}/TB"),
                graph.add("aformat", f"sample_fmts=fltp:sample_rates={SAMPLE_RATE}:channel_layouts={layout}"),
                graph.add("asetnsamples", f"n={self.out.codec_context.frame_size or 1024}:p=0"),
                graph.add("abuffersink"),
            ]
        graph.link_nodes(*chain).configure()
        return graph

    def _turned(self, graph: Graph) -> list[Any]:
        if self.turn == 180:
            return [graph.add("hflip"), graph.add("vflip")]
        return [graph.add("transpose", f"dir={TURNS[self.turn]}")] if self.turn in TURNS else []

    def push(self, frame: Any) -> None:
        if self.graph is None:
            self.graph = self._build(frame)
        self.graph.push(frame)
        self._drain()

    def _drain(self) -> None:
        assert self.graph
        while True:
            try:
                frame = self.graph.pull()
            except (av.BlockingIOError, av.EOFError):
                return
            if isinstance(frame, av.AudioFrame):
                lasting = frame.samples / frame.sample_rate
            else:
                lasting = 1 / float(self.out.average_rate or 25)
                frame.pict_type = PictureType.NONE
            self.length = max(self.length, self._time(frame) + lasting)
            self.clip.mux(self.out.encode(frame))

    def finish(self) -> float:
        if self.graph:
            with contextlib.suppress(av.EOFError):
                self.graph.push(None)
            self._drain()
        self.clip.mux(self.out.encode(None))
        return self.length
