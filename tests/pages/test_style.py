"""The public face as files: contrast of the colours, budgets, what style asks for, licences of fonts."""

from __future__ import annotations

import re

import pytest

from config import SITE

STATIC = SITE / "static" / "firsthand"
TEMPLATES = SITE / "templates"

# Colours ---------------------------------------------------------------------------------------------------

TOKEN = re.compile(r"--([a-z-]+):\s*(#[0-9a-f]{3,6})\b")
TONES = ["honey", "clay", "sea", "sky", "moss"]
SURFACES = ["paper", "raised", "wash"]
# What is written on what (WCAG 1.4.3: 4.5), and what is drawn on what (1.4.11: 3). DESIGN.md, sections 3 and
# 10.
TEXT = [
    *[(colour, surface) for colour in ("ink", "soft", "link") for surface in SURFACES],
    *[(colour, tone) for colour in ("ink", "link") for tone in TONES],
    ("on-act", "act"),
    ("on-mark", "mark"),
    ("on-foot", "foot"),
    ("paper", "ink"),
    ("alert", "paper"),
    ("alert", "alert-wash"),
    ("ink", "alert-wash"),
    ("act", "paper"),
    ("act", "wash"),
]
DRAWN = [
    *[(colour, surface) for colour in ("edge", "good", "same", "worse", "none") for surface in SURFACES],
    *[("edge", tone) for tone in TONES],
    *[("ink", surface) for surface in [*SURFACES, *TONES]],
    ("act", "paper"),
]


def tokens() -> dict[str, dict[str, str]]:
    """Colour tokens of both modes; dark ones replace light ones."""
    css = (STATIC / "tokens.css").read_text()
    light, dark = css.split("@media (prefers-color-scheme: dark)")
    dark = dark.split("@media (prefers-contrast")[0]
    return {
        "light": dict(TOKEN.findall(light)),
        "dark": dict(TOKEN.findall(light)) | dict(TOKEN.findall(dark)),
    }


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_computed_right() -> None:
    assert contrast("#fff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_everything_can_be_told_from_what_it_stands_on(mode: str) -> None:
    colours = tokens()[mode]
    pairs = [(pair, 4.5) for pair in TEXT] + [(pair, 3.0) for pair in DRAWN]
    weak = {
        pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2)
        for pair, least in pairs
        if contrast(colours[pair[0]], colours[pair[1]]) < least
    }
    assert not weak
    assert all(contrast(colours["ink"], colours[surface]) >= 7 for surface in SURFACES)


def test_both_modes_have_every_colour() -> None:
    light, dark = tokens()["light"], tokens()["dark"]
    same = {name for name in light if light[name] == dark[name]}
    assert same <= {"on-foot", "foot-line"}, "a colour was not given its dark value"


def test_the_theme_colours_of_the_browser_are_the_page_s() -> None:
    html = (TEMPLATES / "base.html").read_text()
    for mode, colours in tokens().items():
        assert f'(prefers-color-scheme: {mode})" content="{colours["paper"]}"' in html


# Files -----------------------------------------------------------------------------------------------------


def test_style_and_script_keep_their_budget() -> None:
    assert sum(file.stat().st_size for file in STATIC.glob("*.css")) <= 40_000
    assert sum(file.stat().st_size for file in STATIC.glob("*.js")) <= 12_000


def test_style_asks_for_its_own_files_only_and_they_are_there() -> None:
    for file in STATIC.glob("*.css"):
        for target in re.findall(r"url\(([^)]+)\)", file.read_text()):
            assert (file.parent / target).is_file(), f"{file.name}: {target}"
        assert "@import" not in file.read_text()


def test_style_uses_tokens_and_no_colour_of_its_own() -> None:
    stray = {
        file.name: found
        for file in STATIC.glob("*.css")
        if file.name != "tokens.css"
        and (found := re.findall(r"#[0-9a-f]{3,8}\b(?=[;\s,}])", file.read_text().split("@layer paper")[0]))
    }
    # The letterbox of a video and the focus ring in the foot, which is dark in both modes.
    assert stray == {"frame.css": ["#fff"], "reading.css": ["#0b1716"]}


def test_fonts_carry_their_licence() -> None:
    licences = [file.read_text() for file in (STATIC / "fonts").glob("OFL-*.txt")]
    assert len(licences) == 2
    assert all("SIL OPEN FONT LICENSE" in text.upper() for text in licences)
