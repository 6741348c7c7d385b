"""LibreOffice opens the public copy of a document of each kind, and shows the same words as in the original.

Only with `make faults`, where LibreOffice is installed: it has hundreds of megabytes.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pypdf
import pytest

from documents.cleaning.files import clean
from tests.documents.archives import BUILDERS, Secrets

PACKAGES = "libreoffice-writer libreoffice-calc libreoffice-impress"
pytestmark = [
    pytest.mark.skipif(
        shutil.which("soffice") is None,
        reason=f"NOT TESTED: no second program opened the cleaned documents. apt-get install --no-install-recommends {PACKAGES}",
    ),
]
SECONDS = 180
PAGE = """<html><head><meta charset="utf-8"><title>A letter</title></head><body><h1>Fourteen stairs</h1>
<p>She <b>counts</b> the <i>stairs</i> at home: żółć, лестница, café.</p><ul><li>First floor</li><li>Second floor</li></ul>
<table border="1"><tr><th>Month</th><th>Score</th></tr><tr><td>0</td><td>12</td></tr><tr><td>6</td><td>31</td></tr></table>
<p>See <a href="https://example.org/">the clinic</a>.</p></body></html>"""
TABLE = "Month,Score\n0,12\n6,31\n12,30\n"
# What LibreOffice makes of these sources: real files of an office program.
MADE = [
    ("letter.html", PAGE, "docx:MS Word 2007 XML", "writer"), ("letter.html", PAGE, "odt", "writer"),
    ("letter.html", PAGE, "pdf:writer_web_pdf_Export", ""),
    ("table.csv", TABLE, "xlsx:Calc MS Excel 2007 XML", ""), ("table.csv", TABLE, "ods", ""),
]  # fmt: skip


def converted(file: Path, kind: str, folder: Path, *, via: str = "") -> Path:
    """Return the file in another format, as LibreOffice writes it. Fails if LibreOffice cannot open it."""
    folder.mkdir(exist_ok=True)
    opened = ["--infilter=HTML (StarWriter)"] if via == "writer" and file.suffix == ".html" else []
    command = ["soffice", f"-env:UserInstallation=file://{folder.parent}/profile", "--headless", *opened]
    done = subprocess.run(  # what it says is in the message below
        [*command, "--convert-to", kind, "--outdir", str(folder), str(file)],
        check=False,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    made = folder / f"{file.stem}.{kind.partition(':')[0]}"
    assert made.exists(), f"LibreOffice cannot open {file.name}: {done.stdout} {done.stderr}"
    return made


def words(file: Path, folder: Path) -> list[str]:
    """Return the words that LibreOffice shows."""
    shown = file if file.suffix == ".pdf" else converted(file, "pdf", folder)
    return " ".join(page.extract_text() for page in pypdf.PdfReader(shown).pages).split()


@pytest.mark.parametrize(("name", "source", "kind", "via"), MADE, ids=lambda each: each[:12])
def test_a_copy_of_what_an_office_program_made_shows_the_same(
    name: str, source: str, kind: str, via: str, tmp_path: Path
) -> None:
    given = tmp_path / name
    given.write_text(source, encoding="utf-8")
    original = converted(given, kind, tmp_path / "original", via=via)
    copy = tmp_path / f"copy{original.suffix}"
    copy.write_bytes(clean(original.read_bytes(), "A letter").content)
    before, after = words(original, tmp_path / "before"), words(copy, tmp_path / "after")
    assert "Score" in before
    assert after == before


@pytest.mark.parametrize("kind", BUILDERS)
def test_a_copy_of_a_document_full_of_hidden_things_opens(kind: str, tmp_path: Path) -> None:
    """LibreOffice cannot open some of the originals, which have parts that no program wrote."""
    secrets = Secrets()
    copy = tmp_path / f"copy.{kind}"
    copy.write_bytes(clean(BUILDERS[kind](secrets), "A title").content)
    shown = "".join(words(copy, tmp_path / "after"))
    seen = {
        "docx": "Movedhere.",
        "odt": "Kept.Shown.",
        "xlsx": "SharedSeen",
        "ods": "Seen",
        "pptx": "Ontheslide",
        "odp": "Ontheslide",
    }
    assert seen[kind] in shown
    assert [layer for layer, secret in secrets.of.items() if secret in shown] == []
