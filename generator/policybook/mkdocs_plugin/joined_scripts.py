"""Modules of the theme's scripts, joined to one file, which browsers fetch in one step.

A worker of the theme has dozens of small modules with many comments. The site has each worker as
one file, in which every module is a function that returns what it exports. The theme's modules are
written so that this can be done line by line: imports and exports begin a line, have names and no
default, modules do not import each other in a circle, and no text has several lines.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from mkdocs.structure.files import Files

from policybook.errors import PolicybookError

_WORKER = re.compile(r"assets/[a-z]+/worker\.js")
# A comment that describes or gives a type, and a line that is a comment.
_COMMENT = re.compile(r"/\*\*.*?\*/[ \n]*|^ *//[^\n]*\n", re.DOTALL | re.MULTILINE)
_INDENT = re.compile(r"^[ \t]+|[ \t]+$|^\n", re.MULTILINE)
_IMPORT = re.compile(
    r"^import (?:(?:\{([^}]*)\}|\* as (\w+)) from )?\"(\.[^\"]+)\";\n", re.MULTILINE
)
_PASSED_ON = re.compile(r"^export \{([^}]*)\}(?: from \"(\.[^\"]+)\")?;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:const|class|function\*?) (\w+))", re.MULTILINE)
_OTHER = re.compile(r"^(?:import|export)\b.*|\bimport\(.*", re.MULTILINE)


def join_workers(files: Files) -> None:
    """Let each worker among the files import nothing."""
    for file in files:
        if _WORKER.fullmatch(file.src_uri) and file.abs_src_path:
            file.content_string = joined(Path(file.abs_src_path))


def joined(entry: Path) -> str:
    """A module and all that it imports as one text, without comments and indentation.

    Raises:
        PolicybookError: A module is written in another way than described above.
    """
    modules = _modules(entry, (), {})
    names = {path: f"m{place}" for place, path in enumerate(modules)}
    wrapped = (
        f"const {names[path]}=(()=>{{\n{body}return {{{_listed(exported)}}};\n}})();\n"
        for path, text in modules.items()
        if path != entry
        for body, exported in [_body(path, text, names)]
    )
    own, exported = _body(entry, modules[entry], names)
    return "".join(wrapped) + own + _exports(exported)


def _exports(exported: dict[str, str]) -> str:
    """The exports of the entry; what it passes on gets a name at first."""
    named = {name: value for name, value in exported.items() if "." not in value}
    passed_on = "".join(
        f"export const {name}={value};\n" for name, value in exported.items() if name not in named
    )
    own = ",".join(name if name == value else f"{value} as {name}" for name, value in named.items())
    return passed_on + (f"export {{{own}}};\n" if own else "")


def _listed(names: dict[str, str]) -> str:
    """Names, each with its value if that has another one, as an object and a pattern have them."""
    return ",".join(n if n == value else f"{n}:{value}" for n, value in names.items())


def _modules(path: Path, importing: tuple[Path, ...], found: dict[Path, str]) -> dict[Path, str]:
    """The texts of the module and of what it imports, each once and after what it imports."""
    if path in importing:
        raise PolicybookError(f"{path}: expected no circle of imports")
    if path not in found:
        text = _plain(path)
        for imported in _imported(path, text):
            _modules(imported, (*importing, path), found)
        found[path] = text
    return found


def _imported(path: Path, text: str) -> Iterator[Path]:
    for pattern, group in ((_IMPORT, 3), (_PASSED_ON, 2)):
        for found in pattern.finditer(text):
            if found[group]:
                yield _beside(path, found[group])


def _beside(path: Path, address: str) -> Path:
    return Path(os.path.normpath(path.parent / address))


def _plain(path: Path) -> str:
    """The module without comments and indentation."""
    return _INDENT.sub("", _COMMENT.sub("", path.read_text("utf-8")))


def _body(path: Path, plain: str, names: dict[Path, str]) -> tuple[str, dict[str, str]]:
    """The module without imports and exports, and what it exports: the value of each name."""
    exported: dict[str, str] = {}

    def named(found: re.Match[str]) -> str:
        exported[found[2]] = found[2]
        return found[1]

    def passed_on(found: re.Match[str]) -> str:
        module = f"{names[_beside(path, found[2])]}." if found[2] else ""
        exported.update({name: module + own for own, name in _names(found[1])})
        return ""

    def imported(found: re.Match[str]) -> str:
        module = names[_beside(path, found[3])]
        if found[2]:
            return f"const {found[2]}={module};\n"
        own = _listed(dict(_names(found[1] or "")))
        return f"const {{{own}}}={module};\n" if own else ""

    text = _IMPORT.sub(imported, plain)
    text = _EXPORT.sub(named, _PASSED_ON.sub(passed_on, text))
    if other := _OTHER.search(text):
        raise PolicybookError(f"{path}: expected another form of import or export than {other[0]}")
    return text, exported


def _names(listed: str) -> Iterator[tuple[str, str]]:
    """The names in a list such as `a, b as c`, each with the name that it gets."""
    for part in filter(None, map(str.strip, listed.split(","))):
        own, _, name = part.partition(" as ")
        yield own, name or own
