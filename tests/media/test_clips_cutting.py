"""Cuts are exact, as recordings with a different tone in every second show."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image

from media.clips import CannotCut, cut
from tests.media import tones

WITHIN = 0.1  # seconds, what is promised
SOUND = [("mp4", ".m4a"), ("webm", ".webm"), ("ogg", ".ogg"), ("mp3", ".mp3"), ("wav", ".wav")]
FILM = [("mp4", "libx264", ".mp4"), ("webm", "libvpx", ".webm")]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("recordings")
    files = {f"sound{suffix}": tones.recording(container) for container, suffix in SOUND}
    files |= {
        f"film{suffix}": tones.recording(container, pictures=codec) for container, codec, suffix in FILM
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return {name: folder / name for name in files}


def check_sound(clip: Path, start: float, end: float) -> None:
    """Check that the tone changes in the clip exactly where it changes in the recording, and the clip's length."""
    sound = tones.heard(str(clip))
    assert len(sound) / tones.RATE == pytest.approx(end - start, abs=WITHIN)
    first, last = int(start), int(end - 0.1)
    near = first + 1 - start
    for number, at in enumerate(tones.changes(sound, first, last - first, near)):
        assert at == pytest.approx(near + number, abs=WITHIN / 2), (first, number, at)
    assert tones.pitch_at(sound, 0.05) == pytest.approx(tones.pitch(int(start + 0.05)), abs=45)


@pytest.mark.parametrize("name", [f"sound{suffix}" for _container, suffix in SOUND])
@pytest.mark.parametrize(("start", "end"), [(0.0, 2.5), (3.4, 6.2), (7.9, 11.3)])
def test_sound_is_cut_at_the_given_times(
    made: dict[str, Path], tmp_path: Path, name: str, start: float, end: float
) -> None:
    target = tmp_path / "clip.m4a"
    length = cut(str(made[name]), target, start=start, end=end, video=False)
    assert length == pytest.approx(end - start, abs=WITHIN)
    check_sound(target, start, end)
    with av.open(str(target)) as clip:
        assert [stream.codec_context.name for stream in clip.streams] == ["aac"]


@pytest.mark.parametrize("name", [f"film{suffix}" for _container, _codec, suffix in FILM])
@pytest.mark.parametrize(("start", "end"), [(0.0, 2.5), (3.4, 6.2), (7.9, 11.3)])
def test_pictures_and_sound_are_cut_together(
    made: dict[str, Path], tmp_path: Path, name: str, start: float, end: float
) -> None:
    target = tmp_path / "clip.mp4"
    cut(str(made[name]), target, start=start, end=end, video=True)
    check_sound(target, start, end)
    pictures = tones.shown(str(target))
    assert pictures[0][0] == pytest.approx(0, abs=0.02)
    assert pictures[-1][0] == pytest.approx(end - start, abs=0.2)
    for at, grey in pictures:
        second = start + at
        if 0.1 < second % 1 < 0.9:
            assert grey == pytest.approx(tones.shade(int(second)), abs=9), at


def test_the_sound_of_a_film_alone(made: dict[str, Path], tmp_path: Path) -> None:
    cut(str(made["film.webm"]), tmp_path / "clip.m4a", start=2.2, end=4.9, video=False)
    check_sound(tmp_path / "clip.m4a", 2.2, 4.9)


def test_a_player_can_start_before_the_file_is_complete(made: dict[str, Path], tmp_path: Path) -> None:
    for name, target, video in (("sound.mp3", "a.m4a", False), ("film.webm", "b.mp4", True)):
        cut(str(made[name]), tmp_path / target, start=1, end=4, video=video)
        content = (tmp_path / target).read_bytes()
        assert content.index(b"moov") < content.index(b"mdat")


@pytest.mark.parametrize("length", [0.1, 0.3])
def test_very_short_clips(made: dict[str, Path], tmp_path: Path, length: float) -> None:
    for name, target, video in (("sound.ogg", "a.m4a", False), ("film.mp4", "b.mp4", True)):
        cut(str(made[name]), tmp_path / target, start=5.3, end=5.3 + length, video=video)
        sound = tones.heard(str(tmp_path / target))
        assert len(sound) / tones.RATE == pytest.approx(length, abs=WITHIN)
        assert tones.pitch_at(sound, length / 2) == pytest.approx(tones.pitch(5), abs=40)


def test_a_clip_that_would_end_later_than_the_recording_ends_with_it(
    made: dict[str, Path], tmp_path: Path
) -> None:
    length = cut(str(made["sound.webm"]), tmp_path / "clip.m4a", start=10.5, end=20, video=False)
    assert length == pytest.approx(1.5, abs=WITHIN)
    check_sound(tmp_path / "clip.m4a", 10.5, 12)


def test_a_recording_without_an_index_is_cut(tmp_path: Path) -> None:
    """Browsers record a stream without length and index. Seeking in it must still be exact."""
    source = tmp_path / "live.webm"
    source.write_bytes(tones.recording("webm", live="1"))
    cut(str(source), tmp_path / "clip.m4a", start=8.4, end=11, video=False)
    check_sound(tmp_path / "clip.m4a", 8.4, 11)


def test_a_file_object_is_cut_as_a_path_is(made: dict[str, Path], tmp_path: Path) -> None:
    cut(io.BytesIO(made["film.mp4"].read_bytes()), tmp_path / "clip.mp4", start=6.1, end=8, video=True)
    check_sound(tmp_path / "clip.mp4", 6.1, 8)


def test_large_videos_become_480_lines_high(tmp_path: Path) -> None:
    source = tmp_path / "large.mp4"
    source.write_bytes(tones.recording("mp4", 2, pictures="libx264", size=(1280, 720)))
    cut(str(source), tmp_path / "clip.mp4", start=0.2, end=1.2, video=True)
    with av.open(str(tmp_path / "clip.mp4")) as clip:
        film = clip.streams.video[0]
        assert (film.codec_context.name, film.width, film.height) == ("h264", 854, 480)
        assert film.codec_context.pix_fmt == "yuv420p"


# How a video is stored, as MP4 writes it: the nine numbers of a matrix. (x, y) is shown at (ax + cy, bx + dy).
LYING = (1, 0, 0, 1)
TURNS = {
    "a quarter clockwise": ((0, 1, -1, 0), "top"),
    "a quarter counter-clockwise": ((0, -1, 1, 0), "bottom"),
    "half a turn": ((-1, 0, 0, -1), "right"),
    "not at all": (LYING, "left"),
}


def matrix(a: int, b: int, c: int, d: int) -> bytes:
    numbers = [a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30]
    return b"".join(number.to_bytes(4, "big", signed=True) for number in numbers)


@pytest.mark.parametrize("turn", TURNS)
def test_a_phone_held_upright_stays_upright(tmp_path: Path, turn: str) -> None:
    """Phones store such a video on its side with a rotation. The clip is turned and has no rotation."""
    numbers, lit_side = TURNS[turn]
    picture = Image.new("RGB", (128, 72), "black")
    picture.paste("white", (0, 0, 64, 72))  # the left half, as stored
    content = tones.recording("mp4", 2, pictures="libx264", picture=picture)
    at = content.index(matrix(*LYING), content.index(b"tkhd"))
    source = tmp_path / "phone.mp4"
    source.write_bytes(content[:at] + matrix(*numbers) + content[at + 36 :])
    cut(str(source), tmp_path / "clip.mp4", start=0.2, end=1.2, video=True)
    with av.open(str(tmp_path / "clip.mp4")) as clip:
        frame = next(clip.decode(video=0))
    upright = lit_side in {"top", "bottom"}
    assert (frame.width, frame.height, frame.rotation) == (*((72, 128) if upright else (128, 72)), 0)
    shown = frame.to_image().convert("L")
    first, last = (5, 5), (shown.width - 5, shown.height - 5)  # two corners
    lit, dark = (first, last) if lit_side in {"top", "left"} else (last, first)
    assert shown.getpixel(lit) > 200
    assert shown.getpixel(dark) < 50


@pytest.mark.parametrize(
    ("start", "end", "says"),
    [
        (4.0, 4.0, "must end later than it starts"),
        (4.0, 3.0, "must end later than it starts"),
        (-1.0, 3.0, "must end later than it starts"),
        (0.0, 4000.0, "at most 600 seconds"),
        (500.0, 510.0, "ends before 500.0 s"),
    ],
)
def test_times_that_cannot_be_cut(
    made: dict[str, Path], tmp_path: Path, start: float, end: float, says: str
) -> None:
    with pytest.raises(CannotCut, match=says):
        cut(str(made["sound.m4a"]), tmp_path / "c.m4a", start=start, end=end, video=False)
    assert list(tmp_path.iterdir()) == []


def test_broken_files_are_refused_and_leave_nothing(made: dict[str, Path], tmp_path: Path) -> None:
    whole = made["film.mp4"].read_bytes()
    folder = tmp_path / "clips"
    folder.mkdir()
    for number, content in enumerate(
        (b"", b"no recording", whole[:200], whole[: len(whole) // 2], bytes(9000))
    ):
        source = tmp_path / f"broken{number}.mp4"
        source.write_bytes(content)
        with pytest.raises(CannotCut):
            cut(str(source), folder / "clip.mp4", start=1, end=4, video=True)
    assert list(folder.iterdir()) == []


def test_damage_affects_only_its_own_moment(made: dict[str, Path], tmp_path: Path) -> None:
    content = bytearray(made["sound.mp3"].read_bytes())
    middle = len(content) // 2
    content[middle : middle + 2000] = bytes(2000)
    source = tmp_path / "damaged.mp3"
    source.write_bytes(content)
    cut(str(source), tmp_path / "clip.m4a", start=1.4, end=3.8, video=False)
    check_sound(tmp_path / "clip.m4a", 1.4, 3.8)


def test_metadata_of_the_recording_is_not_in_the_clip(tmp_path: Path) -> None:
    hidden = {"title": "Hannah in the kitchen", "location": "+59.9139+010.7522/", "artist": "Hannah"}
    source = tmp_path / "talk.mp4"
    source.write_bytes(tones.recording("mp4", 3, pictures="libx264", metadata=hidden))
    assert b"Hannah" in source.read_bytes()
    cut(str(source), tmp_path / "clip.mp4", start=0.5, end=2, video=True)
    content = (tmp_path / "clip.mp4").read_bytes()
    assert b"Hannah" not in content
    assert b"+59.9139" not in content


def test_a_playlist_does_not_open_other_files(made: dict[str, Path], tmp_path: Path) -> None:
    for name, text in (
        (
            "list.m3u8",
            f"#EXTM3U\n#EXT-X-TARGETDURATION:12\n#EXTINF:12,\n{made['sound.mp3']}\n#EXT-X-ENDLIST\n",
        ),
        ("list.txt", f"ffconcat version 1.0\nfile '{made['sound.mp3']}'\n"),
    ):
        (tmp_path / name).write_text(text)
        with pytest.raises(CannotCut):
            cut(str(tmp_path / name), tmp_path / "clip.m4a", start=0, end=2, video=False)


def test_the_clip_is_complete_or_missing(made: dict[str, Path], tmp_path: Path) -> None:
    """A process that is killed while cutting leaves no file under the clip's name."""
    target = tmp_path / "clip.mp4"
    script = (
        "import os, signal, sys; sys.path[:0] = [{root!r}, {site!r}]\n"
        "from pathlib import Path\nfrom media import clips\n"
        "pull = clips._Track.finish\n"
        "clips._Track.finish = lambda self: os.kill(os.getpid(), signal.SIGKILL)\n"
        "clips.cut({source!r}, Path({target!r}), start=1, end=9, video=True)\n"
    )
    root = Path(__file__).resolve().parents[2]
    code = script.format(
        root=str(root), site=str(root / "site"), source=str(made["film.webm"]), target=str(target)
    )
    run: Any = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert run.returncode == -9, run.stderr
    assert not target.exists()
    cut(str(made["film.webm"]), target, start=1, end=9, video=True)
    check_sound(target, 1, 9)
