"""Hostile and damaged files: each is handled within seconds and little memory, and none raises."""

from __future__ import annotations

import contextlib
import io
import json
import random
import signal
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from documents import sandbox
from documents.cleaning import files as cleaning
from documents.cleaning.copies import NotCleanable
from documents.contents import MOST_DEPTH
from documents.reading import files as reading

from . import pdfs
from .archives import BUILDERS, Secrets, archive, docx

MB = 1024 * 1024
SECONDS, MEMORY = 6.0, 300 * MB


def bomb_of_zeros(size: int) -> bytes:
    """Return `size` bytes of zeros, compressed."""
    packer = zlib.compressobj(9)
    return b"".join([*(packer.compress(bytes(MB)) for _ in range(size // MB)), packer.flush()])


def word_bomb() -> bytes:
    return archive(
        {"[Content_Types].xml": "<Types/>", "word/document.xml": "<a>" + " " * (200 * MB) + "</a>"}
    )


def nested(levels: int) -> bytes:
    data = archive({"secret.txt": "Qavira"})
    for _ in range(levels):
        data = archive({"a.zip": data})
    return data


def many_files() -> bytes:
    return archive({f"{number}.txt": "words" for number in range(4000)})


def entities() -> bytes:
    inner = ["ha" * 50, *(f"&e{n};" * 10 for n in range(11))]
    rows = "".join(f'<!ENTITY e{n} "{words}">' for n, words in enumerate(inner))
    return archive(
        {"[Content_Types].xml": "<Types/>", "word/document.xml": f"<!DOCTYPE a [{rows}]><a>&e11;</a>"}
    )


def deep_xml() -> bytes:
    return archive(
        {"[Content_Types].xml": "<Types/>", "word/document.xml": "<a>" * 300_000 + "</a>" * 300_000}
    )


def pdf_bomb(filters: int = 1) -> bytes:
    pdf = pdfs.blank(["Words"])
    data = bomb_of_zeros(320 * MB)
    for _ in range(filters - 1):
        data = zlib.compress(data, 9)
    pdf.pages[0].obj.Contents = pdf.make_stream(data)
    pdf.pages[0].obj.Contents.write(data, filter=Array([Name.FlateDecode] * filters))
    return pdfs.saved(pdf, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def many_pages() -> bytes:
    return pdfs.saved(pdfs.blank(["Words"] * 10_000))


def looping_pdf() -> bytes:
    pdf = pdfs.blank(["Words"])
    item = pdf.make_indirect(Dictionary(Title="Words"))
    item.Next, item.First, item.Parent = item, item, item
    pdf.Root.Outlines = Dictionary(First=item)
    field = pdf.make_indirect(Dictionary(T="a", V="b"))
    field.Kids = Array([field])
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))
    form = pdf.make_stream(b"/F Do", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    form.Resources = Dictionary(XObject=Dictionary(F=form))
    pdf.pages[0].obj.Resources.XObject = Dictionary(F=form)
    pdf.pages[0].obj.Contents = pdf.make_stream(b"/F Do")
    return pdfs.saved(pdf)


def rtf_of_groups() -> bytes:
    return rb"{\rtf1 " + b"{" * 500_000 + b"Words" + b"}" * 500_000 + b"}"


HOSTILE = {
    "word bomb": word_bomb, "nested": lambda: nested(40), "many files": many_files, "entities": entities,
    "deep XML": deep_xml, "PDF bomb": pdf_bomb, "PDF bomb packed twice": lambda: pdf_bomb(2), "pages": many_pages,
    "loops": looping_pdf, "RTF": rtf_of_groups, "nothing": lambda: b"", "noise": lambda: random.Random(1).randbytes(MB),
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("task", ["read", "clean"])
def test_a_hostile_file_costs_little(name: str, task: str, made: Path) -> None:
    path = made / name
    if not path.exists():
        path.write_bytes(HOSTILE[name]())
    spent = measured(path, task)
    assert spent["seconds"] < SECONDS
    assert spent["memory"] < MEMORY


def measured(path: Path, task: str) -> dict[str, float]:
    """Run the task in a process that starts the sandbox; return its processor time and its growth."""
    code = (
        "import json, pathlib, resource, sys\n"
        "from documents import sandbox\nfrom documents.cleaning.copies import NotCleanable\n"
        "own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try:\n    getattr(sandbox, sys.argv[2])(pathlib.Path(sys.argv[1]).read_bytes())\nexcept NotCleanable:\n    pass\n"
        "inner = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "grown = max(inner.ru_maxrss - 60_000, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - own)\n"
        "print(json.dumps({'seconds': inner.ru_utime + inner.ru_stime, 'memory': grown * 1024}))"
    )
    site = str(Path(sandbox.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", code, str(path), task],
        env={"PYTHONPATH": site},
        capture_output=True,
        check=True,
        text=True,
    )
    return {key: float(value) for key, value in json.loads(done.stdout).items()}


def test_what_is_nested_too_deep_is_said() -> None:
    found = reading.read(nested(MOST_DEPTH + 3))
    assert [missed.reason for missed in found.unread] == ["deep"]
    assert len(found.unread[0].place) == MOST_DEPTH + 1
    assert reading.read(nested(MOST_DEPTH - 1)).unread == []


def test_what_is_too_large_or_too_much_is_said() -> None:
    assert "large" in {missed.reason for missed in reading.read(word_bomb()).unread}
    assert "many" in {missed.reason for missed in reading.read(many_files()).unread}
    assert "damaged" in {missed.reason for missed in reading.read(entities()).unread}


def test_a_reader_that_is_ended_counts_as_far_as_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    told = b'["text", [["page", "1"]], "Words"]\n["text", [["pag'
    monkeypatch.setattr(sandbox, "_run", lambda *_arguments: (told, -signal.SIGXCPU))
    found = sandbox.read(pdfs.saved(pdfs.blank(["Words"])))
    assert [text.words for text in found.texts] == ["Words"]
    assert [missed.reason for missed in found.unread] == ["late"]
    with pytest.raises(NotCleanable, match="late"):
        sandbox.clean(pdfs.saved(pdfs.blank(["Words"])))


def test_a_reader_that_has_no_more_time_says_what_it_left() -> None:
    found = sandbox.read(many_pages(), seconds=0.5)
    assert {missed.reason for missed in found.unread} == {"late"}


@pytest.mark.parametrize("kind", ["pdf", *BUILDERS])
def test_damaged_files_are_read_as_far_as_possible(kind: str) -> None:
    data = pdfs.full(Secrets()) if kind == "pdf" else BUILDERS[kind](Secrets())
    chance = random.Random(kind)
    began = time.thread_time()
    for _ in range(12):
        broken = bytearray(data[: chance.randrange(len(data) // 4, len(data))])
        for _byte in range(chance.randrange(1, 40)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        found = reading.read(bytes(broken), seconds=4)
        assert found.texts or found.unread
        with contextlib.suppress(NotCleanable):
            cleaning.clean(bytes(broken))
    assert time.thread_time() - began < 60


def test_a_locked_file_is_refused_and_not_searched() -> None:
    out = io.BytesIO()
    pdfs.blank(["Words"]).save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert [missed.reason for missed in sandbox.read(out.getvalue()).unread] == ["locked"]
    with pytest.raises(NotCleanable, match="locked"):
        sandbox.clean(out.getvalue())


def test_a_file_that_only_forbids_changes_is_read_and_cleaned() -> None:
    out = io.BytesIO()
    pdfs.blank(["Words on a page"]).save(out, encryption=pikepdf.Encryption(owner="a", user=""))
    found = sandbox.read(out.getvalue())
    assert (found.texts[-1].words, found.unread) == ("Words on a page", [])
    with pikepdf.open(io.BytesIO(sandbox.clean(out.getvalue()).content)) as copy:
        assert not copy.is_encrypted


def test_the_process_gives_what_the_functions_give() -> None:
    data = docx(Secrets())
    assert sandbox.read(data).texts == reading.read(data).texts
    assert sandbox.read(data).unread == reading.read(data).unread
    copy, same = sandbox.clean(data, "A title"), cleaning.clean(data, "A title")
    assert (copy.content, copy.removed) == (same.content, same.removed)
