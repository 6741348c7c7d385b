"""An interview's private recording: checked by its content, measured in the task queue, removed with its
interview.
"""

from __future__ import annotations

import logging
from array import array
from collections.abc import Iterator
from typing import IO, Any

import av
from django.core.files.base import File
from django.utils import timezone
from django_tasks import task

from interviews.models import Interview
from media.on_commit import after_commit
from media.uploads import not_yet_stored, rename
from media.validation.recordings import Facts, probe

logger = logging.getLogger(__name__)

PEAKS = 1000
# Samples a second: enough to see speech, and few enough to measure an hour in seconds.
RATE = 8_000
# FFmpeg's names of containers, by the suffix that was chosen from the content. Otherwise FFmpeg would guess,
# and would open the files that a playlist names.
FORMATS = {
    ".mp4": "mp4",
    ".m4a": "mp4",
    ".webm": "matroska",
    ".mp3": "mp3",
    ".ogg": "ogg",
    ".wav": "wav",
}


def set_recording(interview: Interview, file: File[Any], facts: Facts | None = None) -> None:
    """Make `file` the recording of `interview`, without saving.

    Raises ValidationError, with a sentence for the editor, if browsers cannot play it.
    """
    facts = facts or probe(file)
    interview.recording = file
    if not_yet_stored(interview.recording):
        rename(interview.recording, facts.suffix)
    interview.recording_kind, interview.duration, interview.peaks = facts.kind, facts.duration, []


def clear_recording(interview: Interview) -> None:
    """Remove the recording from `interview`, without saving."""
    interview.recording = None
    interview.recording_kind, interview.duration, interview.peaks = "", None, []


def recording_saved(interview: Interview, before: str = "") -> None:
    """Call after saving: measures the new file and removes the file `before`, after commit."""
    name = interview.recording.name or ""
    if before and before != name:
        after_commit(interview.recording.storage.delete, before)
    if name and name != before:
        after_commit(make_peaks.enqueue, interview.pk)


@task()
def make_peaks(interview_id: int) -> None:
    """Measure the loudness of the recording for the workbench. May run again with the same result."""
    interview = Interview.objects.filter(pk=interview_id).first()
    if interview is None or not interview.recording:
        return
    name = interview.recording.name or ""
    try:
        with interview.recording.open("rb") as file:
            peaks = loudness(file, _format(name), interview.duration or 0.0)
    except (OSError, av.FFmpegError, ValueError) as error:
        # The workbench works without peaks. The log must not say anything about the interview itself.
        logger.warning("No peaks of the recording of interview %s: %s", interview_id, type(error).__name__)
        return
    # The recording may have been replaced since.
    Interview.objects.filter(pk=interview_id, recording=name).update(peaks=peaks, updated_at=timezone.now())


def _format(name: str) -> str | None:
    return FORMATS.get(name[name.rfind(".") :].lower())


def loudness(source: IO[bytes] | File[Any], format_: str | None, duration: float) -> list[float]:
    """Return about 1,000 values from 0 to 1: the loudest sample of each equal part of the recording; []
    without sound.

    `duration` in seconds is a first guess, 0 if unknown. If the recording is longer, parts are joined in
    pairs, so that memory use does not depend on the length. Raises av.FFmpegError.
    """
    size = max(1, int(duration * RATE / PEAKS)) if duration else RATE
    values: list[int] = []
    loudest, filled = 0, 0
    with av.open(source, mode="r", format=format_) as opened:
        if not opened.streams.audio:
            return []
        for samples in _samples(opened):
            at = 0
            while at < len(samples):
                part = samples[at : at + size - filled]
                peak, trough = max(part), min(part)
                loudest = max(loudest, peak, -trough)
                filled += len(part)
                at += len(part)
                if filled >= size:
                    values.append(loudest)
                    loudest, filled = 0, 0
                    if len(values) > PEAKS + PEAKS // 10:
                        values = [max(values[index : index + 2]) for index in range(0, len(values), 2)]
                        size *= 2
    if filled:
        values.append(loudest)
    most = max(values, default=0)
    return [round(value / most, 3) if most else 0.0 for value in values]


def _samples(opened: Any) -> Iterator[array[int]]:
    """Yield the sound as mono 16-bit samples at RATE, one frame at a time. Damaged packets are skipped."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    for packet in opened.demux(opened.streams.audio[0]):
        try:
            frames = packet.decode()
        except av.InvalidDataError:
            continue
        for frame in frames:
            for resampled in resampler.resample(frame):
                yield _plain(resampled)
    for resampled in resampler.resample(None):
        yield _plain(resampled)


def _plain(frame: Any) -> array[int]:
    samples = array("h")
    # A plane may be longer than its samples.
    samples.frombytes(bytes(frame.planes[0])[: frame.samples * samples.itemsize])
    return samples
