"""Reads who imports whom out of the source, without running any of it."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Import:
    """One import: ``target`` is a dotted name, of a module of ours where it is one, else as it is written.

    ``runs`` is false for one that only a type checker reads.
    """

    source: str
    target: str
    line: int
    runs: bool = True

    @property
    def top(self) -> str:
        return self.target.partition(".")[0]


@dataclass(frozen=True)
class House:
    """Our modules by dotted name, and every import in them."""

    modules: dict[str, Path]
    imports: tuple[Import, ...]

    def of(self, prefix: str) -> Iterator[Import]:
        """The imports made by ``prefix`` and the modules below it."""
        return (each for each in self.imports if within(each.source, prefix))

    def targets(self) -> dict[str, set[str]]:
        """Module -> what importing it brings in, the packages above each target included."""
        found: dict[str, set[str]] = {name: set() for name in self.modules}
        for each in self.imports:
            if not each.runs:
                continue
            found[each.source].add(each.target)
            parent = each.target
            while parent := parent.rpartition(".")[0]:
                if parent in self.modules and not within(each.source, parent):
                    found[each.source].add(parent)
        return found

    def way(self, start: str, ends: set[str]) -> list[str]:
        """The shortest chain of imports from ``start`` to anything within ``ends``; empty when there is none."""
        graph = self.targets()
        ways, queue = {start: [start]}, [start]
        for here in queue:
            for target in sorted(graph.get(here, ())):
                if any(within(target, end) for end in ends):
                    return [*ways[here], target]
                if target not in ways and target in self.modules:
                    ways[target] = [*ways[here], target]
                    queue.append(target)
        return []

    def circles(self) -> list[list[str]]:
        """Sets of modules that import each other in a loop (Tarjan's strongly connected components)."""
        graph = {name: targets & set(self.modules) for name, targets in self.targets().items()}
        index: dict[str, int] = {}
        low: dict[str, int] = {}
        stack: list[str] = []
        found: list[list[str]] = []

        def visit(name: str) -> None:
            index[name] = low[name] = len(index)
            stack.append(name)
            for target in graph[name]:
                if target not in index:
                    visit(target)
                    low[name] = min(low[name], low[target])
                elif target in stack:
                    low[name] = min(low[name], index[target])
            if low[name] == index[name]:
                circle = stack[stack.index(name) :]
                del stack[stack.index(name) :]
                if len(circle) > 1 or name in graph[name]:
                    found.append(sorted(circle))

        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(max(limit, 10 * len(graph) + 1000))
        try:
            for name in graph:
                if name not in index:
                    visit(name)
        finally:
            sys.setrecursionlimit(limit)
        return found


def within(name: str, prefix: str) -> bool:
    """True when ``name`` is ``prefix`` or a module below it."""
    return name == prefix or name.startswith(f"{prefix}.")


def read(*packages: Path) -> House:
    """The house whose packages stand in these folders."""
    modules: dict[str, Path] = {}
    for package in packages:
        for path in sorted(package.rglob("*.py")):
            parts = path.relative_to(package.parent).with_suffix("").parts
            modules[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    found = [each for name, path in modules.items() for each in _imports(name, path, set(modules))]
    return House(modules, tuple(found))


def _imports(name: str, path: Path, ours: set[str]) -> Iterator[Import]:
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node, runs in _nodes(ast.parse(path.read_bytes(), str(path)), True):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(name, alias.name, node.lineno, runs)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([base] if base else [])])
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                yield Import(name, whole if whole in ours else base, node.lineno, runs)


def _nodes(tree: ast.AST, runs: bool) -> Iterator[tuple[ast.AST, bool]]:
    """Every node, and whether it runs outside of a type checker."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            for inner in node.body:
                yield inner, False
                yield from _nodes(inner, False)
            for inner in node.orelse:
                yield inner, runs
                yield from _nodes(inner, runs)
        else:
            yield node, runs
            yield from _nodes(node, runs)
