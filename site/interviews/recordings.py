"""An interview's private recording: judged by its content, measured in the task queue, removed with its interview."""

from __future__ import annotations

import logging
from array import array
from collections.abc import Iterator
from typing import IO, Any

import av
from django.core.files.base import File
from django.db.models.signals import post_delete
from django.utils import timezone
from django_tasks import task

from interviews.models import Interview, Transcript
from media.on_commit import after_commit
from media.uploads import not_yet_stored, rename
from media.validation.recordings import Facts, probe

logger = logging.getLogger(__name__)

PEAKS = 1000
# Loud enough to see who speaks, few enough samples to go through an hour in seconds.
RATE = 8_000
# Containers as FFmpeg names them, by the suffix that the content gave the file. FFmpeg would otherwise guess, and
# follow what a playlist names.
FORMATS = {
    ".mp4": "mp4",
    ".m4a": "mp4",
    ".webm": "matroska",
    ".mp3": "mp3",
    ".ogg": "ogg",
    ".wav": "wav",
}


def take_in(interview: Interview, file: File[Any], facts: Facts | None = None) -> None:
    """Make `file` the recording of `interview`, which is not saved here.

    Raises ValidationError, with a sentence for the editor, when browsers would not play it.
    """
    facts = facts or probe(file)
    interview.recording = file
    if not_yet_stored(interview.recording):
        rename(interview.recording, facts.suffix)
    interview.recording_kind, interview.duration, interview.peaks = facts.kind, facts.duration, []


def let_go(interview: Interview) -> None:
    """Take the recording out of `interview`, which is not saved here."""
    interview.recording = None
    interview.recording_kind, interview.duration, interview.peaks = "", None, []


def recording_saved(interview: Interview, before: str = "") -> None:
    """After saving: have the new file's peaks made, and the file `before` removed, once the database has it so."""
    name = interview.recording.name or ""
    if before and before != name:
        after_commit(interview.recording.storage.delete, before)
    if name and name != before:
        after_commit(make_peaks.enqueue, interview.pk)


@task()
def make_peaks(interview_id: int) -> None:
    """Measure how loud the recording is, for the strip of the workbench. Run again, it does the same again."""
    interview = Interview.objects.filter(pk=interview_id).first()
    if interview is None or not interview.recording:
        return
    name = interview.recording.name or ""
    try:
        with interview.recording.open("rb") as file:
            peaks = loudness(file, _format(name), interview.duration or 0.0)
    except (OSError, av.FFmpegError, ValueError) as error:
        # The strip shows cues without them. Nothing about the interview itself in the log.
        logger.warning("No peaks of the recording of interview %s: %s", interview_id, type(error).__name__)
        return
    # Only if it is still this recording: another one may have taken its place meanwhile.
    Interview.objects.filter(pk=interview_id, recording=name).update(peaks=peaks, updated_at=timezone.now())


def _format(name: str) -> str | None:
    return FORMATS.get(name[name.rfind(".") :].lower())


def loudness(source: IO[bytes] | File[Any], format_: str | None, duration: float) -> list[float]:
    """About 1,000 values from 0 to 1: the loudest moment of each equal part of the recording.

    `duration` in seconds is a first guess, 0 if unknown; parts are joined in pairs when the recording turns out
    longer, so that memory stays the same for any length. [] without sound. Raises av.FFmpegError.
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
    """The sound as mono 16-bit samples at RATE, a frame at a time; damaged packets are left out."""
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
    # A plane may be longer than what it holds.
    samples.frombytes(bytes(frame.planes[0])[: frame.samples * samples.itemsize])
    return samples


def remove_files(instance: Interview | Transcript, **_rest: Any) -> None:
    """An interview that is deleted leaves neither its recording nor its transcript behind."""
    file = instance.recording if isinstance(instance, Interview) else instance.source
    if file:
        after_commit(file.storage.delete, file.name or "")


def follow_deletions() -> None:
    """Start listening; called once, when the room is ready."""
    for model in (Interview, Transcript):
        post_delete.connect(remove_files, sender=model, dispatch_uid=f"interviews_files_{model.__name__}")
