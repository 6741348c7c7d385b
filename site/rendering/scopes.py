"""Which names a compiled template knows at each place, and the lines of Python it becomes."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

from django.template import VariableDoesNotExist
from django.utils.safestring import SafeString

from rendering import lookups

HELPERS: dict[str, Any] = {
    "M": lookups.MISSING,
    **{
        name: getattr(lookups, name)
        for name in (
            "absent", "called", "escaped", "from_context", "from_mapping", "isolated", "look", "loop_state",
            "numbered", "output_of", "sized", "text_of", "unpacked",
        )
    },
    "SafeString": SafeString,
    "VariableDoesNotExist": VariableDoesNotExist,
}  # fmt: skip


@dataclass(frozen=True)
class Const:
    """A value that is known when the template is compiled."""

    value: Any


# A Python variable, or a value.
Code = str | Const


@dataclass(eq=False)
class Scope:
    """Names that a tag put on the context; below the lowest scope is what the template was given.

    `names`: Python variables and values by name. `unsure`: names that may not have been assigned. `mirrored`:
    whether the context holds them too, because a tag in here asks it. `base`, of the lowest: 'context',
    'mapping' (the dict of an inclusion tag), or 'nothing'.
    """

    above: Scope | None
    names: dict[str, Code] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    mirrored: bool = False
    base: str = ""
    used: set[str] = field(default_factory=set)

    def code_for(self, name: str) -> Code:
        """Return the Python expression of a variable; None inside a Const for one that is never there.

        The expression may raise VariableDoesNotExist.
        """
        if (found := self.names.get(name)) is not None:
            self.used.add(name)
            if isinstance(found, Const):
                return found
            known = f"(called({found}) if callable({found}) else {found})"
            if name not in self.unsure:
                return known
            return f"({known} if {found} is not M else {self._written(self._beyond(name))})"
        return self._beyond(name)

    def _beyond(self, name: str) -> Code:
        if self.above is not None:
            return self.above.code_for(name)
        if self.base == "context":
            return f"from_context(ctx, {name!r})"
        if self.base == "mapping":
            return f"from_mapping(given, {name!r})"
        if name in {"True", "False", "None"}:
            return Const({"True": True, "False": False, "None": None}[name])
        return Const(lookups.MISSING)

    @staticmethod
    def _written(code: Code) -> str:
        if isinstance(code, str):
            return code
        if code.value is lookups.MISSING:
            return "from_mapping({}, '')"
        return repr(code.value)


class Writer:
    """Collects the lines of one function. Text that stands side by side becomes one constant."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.depth = 1
        self.constants: dict[str, Any] = {}
        self._names: dict[int, str] = {}
        self._text: list[str] = []
        self._numbers = itertools.count(1)

    def new(self) -> str:
        """Return the name of another Python variable."""
        return f"v{next(self._numbers)}"

    def constant(self, value: Any) -> str:
        """Return the name under which the function finds an object."""
        if (name := self._names.get(id(value))) is None:
            name = self._names[id(value)] = f"k{len(self.constants)}"
            self.constants[name] = value
        return name

    def text(self, text: str) -> None:
        """Write text as it is."""
        if text:
            self._text.append(text)

    def state(self) -> tuple[int, int, list[str]]:
        """Return what `back_to` needs."""
        return len(self.lines), self.depth, list(self._text)

    def back_to(self, state: tuple[int, int, list[str]]) -> None:
        """Forget what was written since."""
        place, self.depth, self._text = state
        del self.lines[place:]

    def flush(self) -> None:
        """Write the text that was collected."""
        if self._text:
            joined = "".join(self._text)
            self._text.clear()
            self.lines.append(f"{'    ' * self.depth}write({joined!r})")

    def line(self, line: str) -> None:
        """Write a line of Python."""
        self.flush()
        self.lines.append("    " * self.depth + line)

    def mark(self) -> int:
        """Return the place of the next line."""
        self.flush()
        return len(self.lines)

    def insert(self, place: int, lines: list[str], depth: int) -> None:
        """Write lines at an earlier place."""
        self.flush()
        self.lines[place:place] = ["    " * depth + line for line in lines]
