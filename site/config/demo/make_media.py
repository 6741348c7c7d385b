"""Makes the demo's pictures, clips, captions and report: `manage.py make_demo_media`, or `python -m config.demo.make_media`.

What it makes is kept in the repository (`demo/media/`, under 3 MB), so that a first start needs no drawing and no
encoding. Run it again after changing a drawing or what is said. Only Pillow and PyAV are needed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from config import SITE
from config.demo.drawing import paper, scenes_away, scenes_home, svg
from config.demo.drawing.clips import make_audio, make_video
from config.demo.drawing.report import make_report

HERE = Path(__file__).resolve().parent
MEDIA = HERE / "media"
ART = SITE / "static" / "firsthand" / "art"
SIZE = (1280, 960)
WIDE = (1280, 720)

Say = Callable[[str], Any]


def shapes_of(key: str, entry: dict[str, str]) -> tuple[list[paper.Shape], tuple[float, float]]:
    """A picture's shapes and the size of its view. Raises KeyError for a key that nobody draws."""
    if art := entry.get("art"):
        return svg.read(ART / f"{art}.svg")
    name = key.replace("-", "_")
    scene = getattr(scenes_home, name, None) or getattr(scenes_away, name, None)
    if scene is None:
        raise KeyError(f"No scene draws ‘{key}’.")
    return scene().shapes, (480, 360)


def draw(key: str, entry: dict[str, str]) -> Image.Image:
    shapes, view = shapes_of(key, entry)
    size = WIDE if view[0] / view[1] > 1.5 else SIZE
    return paper.paint(shapes, size, view, paper.TONES.get(entry.get("ground", ""), ""))


def captions(cues: list[list[Any]]) -> str:
    """WebVTT of (start, end, speaker, words), with the speaker as a voice tag."""
    blocks = ["WEBVTT"]
    for start, end, speaker, words in cues:
        said = f"<v {speaker}>{words}" if speaker else words
        blocks.append(f"{clock(start)} --> {clock(end)}\n{said}")
    return "\n\n".join(blocks) + "\n"


def clock(seconds: float) -> str:
    """00:01:02.500"""
    whole = round(seconds * 1000)
    return f"{whole // 3_600_000:02}:{whole // 60_000 % 60:02}:{whole // 1000 % 60:02}.{whole % 1000:03}"


def make_all(say: Say = print) -> int:
    """Makes every file anew and returns how many bytes they have together."""
    for folder in ("pictures", "recordings", "documents"):
        (MEDIA / folder).mkdir(parents=True, exist_ok=True)
    pictures = tomllib.loads((HERE / "content" / "pictures.toml").read_text(encoding="utf-8"))
    for key, entry in pictures.items():
        if isinstance(entry, dict):
            # Flat colours: lossless WebP is smaller than a lossy one, and keeps the edges.
            draw(key, entry).quantize(48, dither=Image.Dither.NONE).convert(
                "RGBA" if not entry.get("ground") else "RGB"
            ).save(MEDIA / "pictures" / f"{key}.webp", lossless=True, quality=90, method=6)
    say(f"{len(pictures) - 1} pictures")
    recordings = tomllib.loads((HERE / "content" / "recordings.toml").read_text(encoding="utf-8"))
    for key, entry in recordings.items():
        target = MEDIA / "recordings" / key
        target.with_suffix(".en.vtt").write_text(captions(entry["cues"]), encoding="utf-8")
        if entry["kind"] == "video":
            make_video(target.with_suffix(".mp4"), entry["scene"], float(entry["seconds"]), ART)
        else:
            make_audio(target.with_suffix(".m4a"), float(entry["seconds"]), entry["cues"])
        say(f"{key}, {entry['seconds']} s")
    make_report(MEDIA / "documents" / "descriptive-statistical-report.pdf")
    return sum(file.stat().st_size for file in MEDIA.rglob("*") if file.is_file())


if __name__ == "__main__":
    pass
