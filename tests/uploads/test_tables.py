"""Tables that editors upload: any usual encoding, three delimiters, errors that name the line."""

from __future__ import annotations

import csv
import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uploads.tables import DELIMITERS, UnreadableTable, delimiter_of, table_rows, table_text
from uploads.text_decoding import NotText, decoded_text

# Python's csv module folds line ends inside cells only when it writes them; NUL is refused by `table_text`.
CELLS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
ROWS = st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=6)


def written(rows: list[list[str]], delimiter: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    return out.getvalue()


@given(rows=ROWS, delimiter=st.sampled_from(DELIMITERS))
def test_written_tables_are_read_unchanged(rows: list[list[str]], delimiter: str) -> None:
    kept = [row for row in rows if any(cell.strip() for cell in row)]
    assert [row.cells for row in table_rows(written(rows, delimiter), delimiter)] == kept


@given(
    rows=st.lists(st.lists(st.text("abcñж, ;", max_size=9), min_size=2, max_size=2), min_size=1, max_size=5),
    delimiter=st.sampled_from(DELIMITERS),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
)
def test_encoding_and_delimiter_are_found(rows: list[list[str]], delimiter: str, encoding: str) -> None:
    rows = [["first", "second"], *rows]
    decoded = table_text(written(rows, delimiter).encode(encoding))
    assert decoded.note == ""
    kept = [row for row in rows if any(cell.strip() for cell in row)]
    assert [row.cells for row in table_rows(decoded.text)] == kept


@given(rows=ROWS)
def test_lines_are_counted_as_a_text_editor_counts_them(rows: list[list[str]]) -> None:
    text = written(rows, ",")
    line_starts = [0]
    for index, char in enumerate(text):
        if char == "\n" or (char == "\r" and text[index + 1 : index + 2] != "\n"):
            line_starts.append(index + 1)
    for row in table_rows(text, ","):
        rest = text[line_starts[row.line - 1] :]
        assert next(iter(csv.reader(io.StringIO(rest, newline="")))) == row.cells


@given(data=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(UnreadableTable):
        assert all(row.cells for row in table_rows(table_text(data).text))


@pytest.mark.parametrize(
    ("head", "delimiter"),
    [("a,b;c,d", ","), ("a;b;c", ";"), ("a\tb", "\t"), ('"one, two, three";b', ";"), ("a", ","), ("", ",")],
)
def test_the_delimiter_is_the_most_frequent_one_outside_quotation_marks(head: str, delimiter: str) -> None:
    assert delimiter_of(f"\n{head}\n1,2,3\n") == delimiter


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "The file is empty"),
        (b" \r\n", "The file is empty"),
        (b"PK\x03\x04" + bytes(60), "This is a spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(60), "This is a spreadsheet"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "not a CSV file"),
        (b"name,age\nAna,3\nB\0o,4\n", "Line 3 has a NUL character"),
    ],
)
def test_files_that_are_not_tables_are_refused(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableTable, match=message):
        table_text(data)


def test_an_unclosed_quotation_mark_is_reported_with_its_line() -> None:
    rows = table_rows('name,age\nAna,3\n"Bo,4\nCem,5\n')
    assert [next(rows).cells, next(rows).cells] == [["name", "age"], ["Ana", "3"]]
    with pytest.raises(UnreadableTable, match="opened in line 3"):
        next(rows)


def test_a_long_cell_is_read_and_the_limit_of_the_process_stays() -> None:
    usual = csv.field_size_limit()
    (row,) = table_rows("x" * (usual + 1) + ",b")
    assert (len(row.cells[0]), csv.field_size_limit()) == (usual + 1, usual)


# Encodings -------------------------------------------------------------------------------------------------


@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_utf_8_is_never_guessed(text: str) -> None:
    plain = decoded_text(text.encode())
    # A byte order mark is removed.
    assert (plain.text, plain.note) == (text.removeprefix("\ufeff"), "")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Ménière’s disease; parálisis “cerebral”", "cp1252"),
        ("Когда он впервые сел сам, мы все плакали, и бабушка тоже. " * 3, "cp1251"),
        ("Als sie zum ersten Mal saß, weinten wir. " * 3, "utf-16-le"),
    ],
)
def test_other_encodings_are_guessed_with_a_note_for_the_editor(text: str, encoding: str) -> None:
    decoded = decoded_text(text.encode(encoding))
    assert (decoded.text, decoded.encoding) == (
        text,
        encoding.replace("-", "_") if "utf" not in encoding else encoding,
    )
    assert encoding.upper() in decoded.note
    assert "Save it as UTF-8" in decoded.note


def test_bytes_that_contradict_the_mark_are_reported() -> None:
    decoded = decoded_text(b"\xef\xbb\xbfM\xe9ni\xe8re")
    assert decoded.text == "M�ni�re"
    assert "are not UTF-8" in decoded.note


def test_a_picture_is_not_text() -> None:
    with pytest.raises(NotText, match="not text"):
        decoded_text(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
