"""The program's modules as syntax trees, for tests over its whole source."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from tests.support.books import REPOSITORY

PACKAGE = REPOSITORY / "generator" / "policybook"


def module(path: Path) -> str:
    """A module's name below the package; a package's is that of its folder."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


@cache
def sources() -> Mapping[str, Path]:
    """The file of every module of the package."""
    return {module(path): path for path in sorted(PACKAGE.rglob("*.py"))}


@cache
def trees() -> Mapping[str, ast.Module]:
    """Every module of the package, parsed."""
    return {name: ast.parse(path.read_text("utf-8")) for name, path in sources().items()}


@cache
def imported(tree: ast.Module) -> tuple[tuple[str, str], ...]:
    """Each module that is imported, anywhere in the code, and the name that is taken from it."""
    return tuple(_imported(tree))


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import"
            yield from ((node.module or "", alias.name) for alias in node.names)


def own(tree: ast.Module) -> set[str]:
    """The modules of the package that the module imports; "" is the package itself."""
    found = set()
    for name, taken in imported(tree):
        if name.partition(".")[0] == "policybook":
            inner = f"{name}.{taken}".removeprefix("policybook").strip(".")
            outer = name.removeprefix("policybook").strip(".")
            found.add(inner if inner in trees() else outer)
    return found


def package(name: str) -> str:
    """The package of the first level that a module is in, or the module itself."""
    return name.partition(".")[0]
