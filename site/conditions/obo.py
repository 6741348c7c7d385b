"""Reads vocabularies in OBO format 1.2 and 1.4, such as the Human Disease Ontology. Pure: no Django.

Format: https://owlcollab.github.io/oboformat/doc/GO.format.obo-1_4.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from conditions.records import LONGEST_NAME, NameRecord, Reading, TermRecord, UnreadableFile, tidy
from conditions.systems import CodeError, normalise
from conditions.words import fold

_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "W": " "}
_QUOTED = re.compile(r'\s*"((?:[^"\\]|\\.)*)"(.*)', re.DOTALL)
# The prefixes of cross references we keep; all others name systems that are not ours to show.
_XREF_SYSTEMS = {
    "ICD10CM": "icd10cm",
    "ICD11": "icd11",
    "MESH": "mesh",
    "MSH": "mesh",
    "ORDO": "orpha",
    "ORPHANET": "orpha",
    "ORPHA": "orpha",
    "DOID": "doid",
}
# Broader and narrower "synonyms" are names of other things: they would find the wrong term.
_SCOPES_USED = {"EXACT", "RELATED"}
_ACRONYM_TYPES = {"OMO:0003012", "ACRONYM", "ABBREVIATION"}


@dataclass
class Stanza:
    """One block of the file: its kind ("Term"), the line it starts at, and its tags in order."""

    kind: str
    row: int
    tags: list[tuple[int, str, str]] = field(default_factory=list)

    def first(self, tag: str) -> str:
        return next((value for _, name, value in self.tags if name == tag), "")

    def all(self, tag: str) -> list[tuple[int, str]]:
        return [(row, value) for row, name, value in self.tags if name == tag]


def unescape(text: str) -> str:
    """`\\n`, `\\t`, `\\W` (a space) and any other escaped character, which stands for itself."""
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), text)


def escape(text: str) -> str:
    """The opposite of `unescape`, safe inside a quoted string and outside of one."""
    for plain, written in (("\\", "\\\\"), ("\n", "\\n"), ("\t", "\\t")):
        text = text.replace(plain, written)
    return re.sub(r'([",:(){}\[\]!])', r"\\\1", text)


def _cut(text: str, mark: str) -> str:
    """`text` up to the first unescaped `mark` outside quotes."""
    quoted = False
    position = 0
    while position < len(text):
        letter = text[position]
        if letter == "\\":
            position += 2
            continue
        if letter == '"':
            quoted = not quoted
        elif letter == mark and not quoted:
            return text[:position]
        position += 1
    return text


def bare(value: str) -> str:
    """A tag's value without its trailing comment and trailing modifiers `{...}`, unescaped, in one line."""
    return tidy(unescape(_cut(_cut(value, "!"), "{")))


def quoted(value: str) -> tuple[str, str] | None:
    """(the text between the quotes, what follows them), or None when there are no quotes."""
    found = _QUOTED.match(value)
    return (tidy(unescape(found[1])), found[2]) if found else None


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Numbered lines; one that ends in a single backslash goes on in the next."""
    held, start = "", 0
    for row, raw in enumerate(text.split("\n"), 1):
        line = raw.rstrip("\r")
        start = start or row
        if (len(line) - len(line.rstrip("\\"))) % 2:
            held += line[:-1]
            continue
        yield start, held + line
        held, start = "", 0
    if held:
        yield start, held


def stanzas(text: str) -> tuple[Stanza, list[Stanza]]:
    """The file's header and its stanzas."""
    header = current = Stanza("header", 1)
    found: list[Stanza] = []
    for row, line in _lines(text):
        stripped = line.strip()
        if not stripped or stripped.startswith("!"):
            continue
        if stripped.startswith("[") and _cut(stripped, "!").rstrip().endswith("]"):
            current = Stanza(_cut(stripped, "!").rstrip()[1:-1].strip(), row)
            found.append(current)
            continue
        tag, colon, value = line.partition(":")
        if colon:
            current.tags.append((row, tag.strip(), value.strip()))
    return header, found


def _names(stanza: Stanza, own: str, reading: Reading) -> tuple[NameRecord, ...]:
    names: list[NameRecord] = []
    seen = {fold(own)}
    for row, value in stanza.all("synonym"):
        parts = quoted(value)
        if parts is None or not fold(parts[0]):
            reading.remark(row, value, "a synonym without a name between quotation marks")
            continue
        name, words = parts[0], _cut(parts[1], "[").split()
        scope = words[0].upper() if words else "RELATED"
        if scope not in _SCOPES_USED:
            reading.remark(row, name, f"a {scope.lower()} synonym names something wider or narrower")
        elif len(name) > LONGEST_NAME:
            reading.remark(row, name, f"a name longer than {LONGEST_NAME} characters")
        elif fold(name) not in seen:
            seen.add(fold(name))
            short = {word.upper() for word in words[1:]} & _ACRONYM_TYPES
            names.append(NameRecord(name, "en", "abbreviation" if short else "synonym"))
    return tuple(names)


def _codes(stanza: Stanza, identifier: str, reading: Reading) -> tuple[tuple[str, str], ...]:
    codes: dict[tuple[str, str], None] = {}
    offered = [(stanza.row, identifier), *((row, bare(value)) for row, value in stanza.all("xref"))]
    for row, value in offered:
        # A cross reference may carry its title in quotes after the code.
        reference = value.split(" ")[0]
        system = _XREF_SYSTEMS.get(reference.partition(":")[0].upper())
        if system is None:
            continue
        try:
            codes[(system, normalise(system, reference))] = None
        except CodeError as error:
            reading.remark(row, value, str(error))
    return tuple(codes)


def _capital(name: str) -> str:
    """Ontologies write names in lower case; a page starts them with a capital unless the word has its own."""
    first = name.partition(" ")[0]
    return name[:1].upper() + name[1:] if first == first.lower() else name


def _below(parents: dict[str, list[str]], root: str) -> set[str]:
    children: dict[str, list[str]] = {}
    for identifier, above in parents.items():
        for parent in above:
            children.setdefault(parent, []).append(identifier)
    found, waiting = {root}, [root]
    while waiting:
        for child in children.get(waiting.pop(), []):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return found


def read_obo(text: str, root: str = "") -> Reading:
    """The terms of an OBO file; with `root` (an id) only that term and those below it, by any parent.

    Obsolete terms, terms without an id or a name and repeated ids are refused. Of several parents the first
    that is in the file is taken. Raises UnreadableFile when the file holds no term, or not `root`.
    """
    _, found = stanzas(text)
    terms = [stanza for stanza in found if stanza.kind == "Term"]
    if not terms:
        raise UnreadableFile("There is no [Term] in this file: it does not look like OBO.")
    source = next((name for stanza in terms if (name := bare(stanza.first("id")))), "").partition(":")[0]
    reading = Reading(source=source.lower()[:60] or "obo", parents_needed=False)
    usable: dict[str, Stanza] = {}
    for stanza in terms:
        identifier, name = bare(stanza.first("id")), bare(stanza.first("name"))
        if not identifier:
            reading.refuse(stanza.row, name, "a term without an id")
        elif identifier in usable:
            reading.refuse(stanza.row, identifier, f"the id stands already in line {usable[identifier].row}")
        elif bare(stanza.first("is_obsolete")).lower() == "true":
            reading.refuse(stanza.row, f"{identifier} {name}", "marked as obsolete")
        elif not fold(name):
            reading.refuse(stanza.row, identifier, "a term without a name")
        elif len(name) > LONGEST_NAME:
            reading.refuse(stanza.row, name, f"a name longer than {LONGEST_NAME} characters")
        else:
            usable[identifier] = stanza
    parents = {key: [bare(value) for _, value in stanza.all("is_a")] for key, stanza in usable.items()}
    wanted = set(usable)
    if root:
        if root not in usable:
            raise UnreadableFile(f"There is no usable term {root} in this file.")
        wanted = _below(parents, root)
    for key, stanza in usable.items():
        if key in wanted:
            reading.records.append(
                _record(stanza, _placed(stanza, parents[key], wanted, root, reading), reading)
            )
    # An ontology's order means nothing to a reader; siblings are easier to find by name.
    reading.records.sort(key=lambda record: fold(record.name))
    return reading


def _placed(stanza: Stanza, parents: list[str], wanted: set[str], root: str, reading: Reading) -> str | None:
    """The parent below which the term goes: the first that is in the file; None when there is none."""
    key = bare(stanza.first("id"))
    inside = [parent for parent in parents if parent in wanted] if key != root else []
    outside = [parent for parent in parents if parent] if not root else []
    if len(inside) > 1:
        taken, left = inside[0], ", ".join(inside[1:])
        what = f"{key} {bare(stanza.first('name'))}"
        reading.remark(stanza.row, what, f"several parents: placed below {taken}, not below {left}")
    return next(iter(inside or outside), None)


def _record(stanza: Stanza, parent: str | None, reading: Reading) -> TermRecord:
    key, name = bare(stanza.first("id")), bare(stanza.first("name"))
    definition = quoted(stanza.first("def"))
    return TermRecord(
        row=stanza.row,
        key=key,
        parent=parent,
        name=_capital(name),
        description=definition[0] if definition else "",
        names=_names(stanza, name, reading),
        codes=_codes(stanza, key, reading),
    )
