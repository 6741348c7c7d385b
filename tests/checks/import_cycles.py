"""List cycles of imports among the product's files, and imports inside functions that have no comment.

    python tests/checks/import_cycles.py [--only media,conditions]

Every import counts: at the top of a file, inside a function, and under TYPE_CHECKING. A cycle is printed as
the files that reach each other, with the imports that tie them. `--only` limits the report to files of these
packages. Ends with status 1 if there is anything to report.
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
AT_ROOT = ("media", "experiences", "casestudies")


@dataclass(frozen=True)
class Import:
    """An import of one of our modules: its name, the line, and whether it is inside a function."""

    target: str
    line: int
    in_function: bool


@dataclass
class Module:
    """One of our files. `is_package`: whether it is an `__init__.py`."""

    name: str
    path: Path
    is_package: bool
    imports: list[Import] = field(default_factory=list)


def packages(root: Path) -> list[Path]:
    """Return the folders of all product packages: those in `site/` and those named in AT_ROOT."""
    found = [file.parent for file in root.glob("site/*/__init__.py")]
    return sorted(found + [root / name for name in AT_ROOT if (root / name / "__init__.py").exists()])


def modules_in(folders: Iterable[Path]) -> dict[str, Module]:
    """Return the modules of all files in `folders`, by their name as Python imports them."""
    modules: dict[str, Module] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            parts = path.relative_to(folder.parent).with_suffix("").parts
            if "migrations" in parts:
                continue
            is_package = parts[-1] == "__init__"
            name = ".".join(parts[:-1] if is_package else parts)
            modules[name] = Module(name, path, is_package)
    for module in modules.values():
        tree = ast.parse(module.path.read_text(encoding="utf-8"), str(module.path))
        module.imports = list(_imports(tree, module, modules, in_function=False))
    return modules


def _imports(
    node: ast.AST, module: Module, modules: dict[str, Module], *, in_function: bool
) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            for target in _targets(child, module, modules):
                yield Import(target, child.lineno, in_function)
        else:
            inside = in_function or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from _imports(child, module, modules, in_function=inside)


def _targets(statement: ast.Import | ast.ImportFrom, module: Module, modules: dict[str, Module]) -> list[str]:
    """Return our modules that the statement imports: `from a import b` is `a.b` if that is a module, else
    `a`.
    """
    if isinstance(statement, ast.Import):
        named = [alias.name for alias in statement.names]
    else:
        base = _base(statement, module)
        named = [
            f"{base}.{alias.name}" if f"{base}.{alias.name}" in modules else base for alias in statement.names
        ]
    return [name for name in dict.fromkeys(named) if name in modules and name != module.name]


def _base(statement: ast.ImportFrom, module: Module) -> str:
    if not statement.level:
        return statement.module or ""
    parts = module.name.split(".")
    # One dot means the module's package, which is the module itself in an `__init__.py`.
    up = statement.level - (1 if module.is_package else 0)
    return ".".join([*parts[: len(parts) - up], *([statement.module] if statement.module else [])])


def cycles(modules: dict[str, Module]) -> list[list[str]]:
    """Return groups of modules that import each other, directly or through others (Tarjan's algorithm)."""
    index: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_names: list[str] = []
    groups: list[list[str]] = []
    for start, module in modules.items():
        if start in index:
            continue
        work = [(start, _successors(module))]
        index[start] = lowest[start] = len(index)
        open_names.append(start)
        while work:
            name, successors = work[-1]
            following = next(successors, None)
            if following is None:
                work.pop()
                if work:
                    lowest[work[-1][0]] = min(lowest[work[-1][0]], lowest[name])
                if lowest[name] == index[name]:
                    position = open_names.index(name)
                    group = open_names[position:]
                    del open_names[position:]
                    if len(group) > 1:
                        groups.append(sorted(group))
            elif following not in index:
                index[following] = lowest[following] = len(index)
                open_names.append(following)
                work.append((following, _successors(modules[following])))
            elif following in open_names:
                lowest[name] = min(lowest[name], index[following])
    return sorted(groups)


def _successors(module: Module) -> Iterator[str]:
    return iter(dict.fromkeys(imported.target for imported in module.imports))


def uncommented(module: Module) -> list[Import]:
    """Return imports of our modules inside functions without a comment in the same line or above.

    One comment covers the whole group of imports below it.
    """
    lines = module.path.read_text(encoding="utf-8").splitlines()

    def is_import(text: str) -> bool:
        return text.strip().startswith(("import ", "from "))

    bare = []
    for imported in module.imports:
        if not imported.in_function or "#" in lines[imported.line - 1]:
            continue
        above = imported.line - 2
        while above >= 0 and is_import(lines[above]):
            above -= 1
        if above < 0 or not lines[above].strip().startswith("#"):
            bare.append(imported)
    return bare


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--root", type=Path, default=ROOT)
    parser.add_argument("--only", default="", help="packages, separated by commas")
    options = parser.parse_args(arguments)
    modules = modules_in(packages(options.root))
    only = set(filter(None, options.only.split(",")))

    def is_asked_for(name: str) -> bool:
        return not only or name.partition(".")[0] in only

    groups = [group for group in cycles(modules) if any(is_asked_for(name) for name in group)]
    for group in groups:
        print(f"Cycle of {len(group)} files:")
        for name in group:
            ties = [f"{tie.target} (line {tie.line})" for tie in modules[name].imports if tie.target in group]
            print(f"  {modules[name].path.relative_to(options.root)} imports {', '.join(ties)}")
    bare = [
        (module, imported)
        for module in modules.values()
        if is_asked_for(module.name)
        for imported in uncommented(module)
    ]
    if bare:
        print("Imports inside functions without a comment that names the reason:")
    for module, imported in bare:
        print(f"  {module.path.relative_to(options.root)}:{imported.line} imports {imported.target}")
    files = sum(map(len, groups))
    print(
        f"{len(groups)} cycles of imports ({files} files); {len(bare)} uncommented imports inside functions."
    )
    return 1 if groups or bare else 0


if __name__ == "__main__":
    sys.exit(main())
