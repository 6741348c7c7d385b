"""Reads vocabularies in OBO format 1.2 and 1.4, such as the Human Disease Ontology. Pure: no Django.

Format: https://owlcollab.github.io/oboformat/doc/GO.format.obo-1_4.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from conditions.records import LONGEST_NAME, NameRecord, ParsedVocabulary, TermRecord, UnreadableFile, tidy
from conditions.systems import CodeError, normalise
from conditions.words import fold

_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "W": " "}
_QUOTED = re.compile(r'\s*"((?:[^"\\]|\\.)*)"(.*)', re.DOTALL)
# Prefix of a cross reference -> code system. All others name systems that the site does not show.
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
# Broader and narrower "synonyms" are names of other terms and would find the wrong one.
_SCOPES_USED = {"EXACT", "RELATED"}
_ACRONYM_TYPES = {"OMO:0003012", "ACRONYM", "ABBREVIATION"}


@dataclass
class Stanza:
    """One block of the file: its kind ("Term"), the line of its start, and its tags in order."""

    kind: str
    row: int
    tags: list[tuple[int, str, str]] = field(default_factory=list)

    def first(self, tag: str) -> str:
        return next((value for _, name, value in self.tags if name == tag), "")

    def all(self, tag: str) -> list[tuple[int, str]]:
        return [(row, value) for row, name, value in self.tags if name == tag]


def unescape(text: str) -> str:
    """Replace `\\n`, `\\t`, `\\W` (a space) and any other escaped character, which means itself."""
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), text)


def escape(text: str) -> str:
    """Do the opposite of `unescape`, for text inside or outside quotation marks."""
    for plain, written in (("\\", "\\\\"), ("\n", "\\n"), ("\t", "\\t")):
        text = text.replace(plain, written)
    return re.sub(r'([",:(){}\[\]!])', r"\\\1", text)


def _cut(text: str, mark: str) -> str:
    """Return `text` up to the first unescaped `mark` outside quotation marks."""
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
    """Return a tag's value without trailing comment and modifiers `{...}`, unescaped, in one line."""
    return tidy(unescape(_cut(_cut(value, "!"), "{")))


def quoted(value: str) -> tuple[str, str] | None:
    """Return the text between the quotation marks and the text after them; None without quotation marks."""
    match = _QUOTED.match(value)
    return (tidy(unescape(match[1])), match[2]) if match else None


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield numbered lines. A line that ends in a single backslash continues in the next."""
    joined, start = "", 0
    for row, raw in enumerate(text.split("\n"), 1):
        line = raw.rstrip("\r")
        start = start or row
        if (len(line) - len(line.rstrip("\\"))) % 2:
            joined += line[:-1]
            continue
        yield start, joined + line
        joined, start = "", 0
    if joined:
        yield start, joined


def stanzas(text: str) -> tuple[Stanza, list[Stanza]]:
    """Return the file's header and its stanzas."""
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


def _names(stanza: Stanza, own: str, parsed: ParsedVocabulary) -> tuple[NameRecord, ...]:
    names: list[NameRecord] = []
    seen = {fold(own)}
    for row, value in stanza.all("synonym"):
        parts = quoted(value)
        if parts is None or not fold(parts[0]):
            parsed.remark(row, value, "a synonym without a name in quotation marks")
            continue
        name, words = parts[0], _cut(parts[1], "[").split()
        scope = words[0].upper() if words else "RELATED"
        if scope not in _SCOPES_USED:
            parsed.remark(row, name, f"a {scope.lower()} synonym is the name of another term")
        elif len(name) > LONGEST_NAME:
            parsed.remark(row, name, f"a name longer than {LONGEST_NAME} characters")
        elif fold(name) not in seen:
            seen.add(fold(name))
            short = {word.upper() for word in words[1:]} & _ACRONYM_TYPES
            names.append(NameRecord(name, "en", "abbreviation" if short else "synonym"))
    return tuple(names)


def _codes(stanza: Stanza, identifier: str, parsed: ParsedVocabulary) -> tuple[tuple[str, str], ...]:
    codes: dict[tuple[str, str], None] = {}
    offered = [(stanza.row, identifier), *((row, bare(value)) for row, value in stanza.all("xref"))]
    for row, value in offered:
        # A cross reference may have its title in quotation marks after the code.
        reference = value.split(" ")[0]
        system = _XREF_SYSTEMS.get(reference.partition(":")[0].upper())
        if system is None:
            continue
        try:
            codes[(system, normalise(system, reference))] = None
        except CodeError as error:
            parsed.remark(row, value, str(error))
    return tuple(codes)


def _capital(name: str) -> str:
    """Capitalise a name, unless its first word has a capital: ontologies write names in lower case."""
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


def _usable(terms: list[Stanza], parsed: ParsedVocabulary) -> dict[str, Stanza]:
    """Return the usable terms by id; the others are noted as refused."""
    usable: dict[str, Stanza] = {}
    for stanza in terms:
        identifier, name = bare(stanza.first("id")), bare(stanza.first("name"))
        if not identifier:
            parsed.refuse(stanza.row, name, "a term without an id")
        elif identifier in usable:
            parsed.refuse(stanza.row, identifier, f"the id was already used in line {usable[identifier].row}")
        elif bare(stanza.first("is_obsolete")).lower() == "true":
            parsed.refuse(stanza.row, f"{identifier} {name}", "marked as obsolete")
        elif not fold(name):
            parsed.refuse(stanza.row, identifier, "a term without a name")
        elif len(name) > LONGEST_NAME:
            parsed.refuse(stanza.row, name, f"a name longer than {LONGEST_NAME} characters")
        else:
            usable[identifier] = stanza
    return usable


def read_obo(text: str, root: str = "") -> ParsedVocabulary:
    """Return the terms of an OBO file; with `root` (an id), only that term and those below it, by any parent.

    Obsolete terms, terms without an id or a name, and repeated ids are refused. If a term has several
    parents, the first that is in the file counts. Raises UnreadableFile when the file has no terms, or lacks
    `root`.
    """
    _, found = stanzas(text)
    terms = [stanza for stanza in found if stanza.kind == "Term"]
    if not terms:
        raise UnreadableFile(
            "The file has no [Term], so it does not look like OBO. Check that you chose the right file."
        )
    source = next((name for stanza in terms if (name := bare(stanza.first("id")))), "").partition(":")[0]
    parsed = ParsedVocabulary(source=source.lower()[:60] or "obo", parents_needed=False)
    usable = _usable(terms, parsed)
    parents = {key: [bare(value) for _, value in stanza.all("is_a")] for key, stanza in usable.items()}
    wanted = set(usable)
    if root:
        if root not in usable:
            raise UnreadableFile(f"The file has no usable term {root}. Check the id after --root.")
        wanted = _below(parents, root)
    for key, stanza in usable.items():
        if key in wanted:
            parsed.records.append(
                _record(stanza, _placed(stanza, parents[key], wanted, root, parsed), parsed)
            )
    # An ontology's order means nothing to a reader; siblings are easier to find by name.
    parsed.records.sort(key=lambda record: fold(record.name))
    return parsed


def _placed(
    stanza: Stanza, parents: list[str], wanted: set[str], root: str, parsed: ParsedVocabulary
) -> str | None:
    """Return the parent of a term: the first that is in the file; None without one."""
    key = bare(stanza.first("id"))
    inside = [parent for parent in parents if parent in wanted] if key != root else []
    outside = [parent for parent in parents if parent] if not root else []
    if len(inside) > 1:
        taken, left = inside[0], ", ".join(inside[1:])
        what = f"{key} {bare(stanza.first('name'))}"
        parsed.remark(stanza.row, what, f"it has several parents; placed below {taken}, not below {left}")
    return next(iter(inside or outside), None)


def _record(stanza: Stanza, parent: str | None, parsed: ParsedVocabulary) -> TermRecord:
    key, name = bare(stanza.first("id")), bare(stanza.first("name"))
    definition = quoted(stanza.first("def"))
    return TermRecord(
        row=stanza.row,
        key=key,
        parent=parent,
        name=_capital(name),
        description=definition[0] if definition else "",
        names=_names(stanza, name, parsed),
        codes=_codes(stanza, key, parsed),
    )
