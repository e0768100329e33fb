"""The scripts of workers, each with all modules that it imports in one file, without comments.

So a browser asks for one file instead of dozens, one after the other. A module becomes a function
that returns what the module exports. Modules of the theme import and export names at the beginnings
of lines, in the forms that the patterns below have; other forms are errors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from policybook.build.site_files import Task

_COMMENT = re.compile(r"^ *(?://[^\n]*|/\*\*(?:(?!\*/).)*\*/ *)\n", re.MULTILINE | re.DOTALL)
_TYPE = re.compile(r"/\*\* @(?:(?!\*/)[^\n])*\*/ ?")
_IMPORT = re.compile(r"^import \{([^}]*)\} from \"(\.[^\"]+)\";\n", re.MULTILINE)
_PASSED_ON = re.compile(r"^export \{([^}]*)\} from \"(\.[^\"]+)\";\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|class|const) (\w+))", re.MULTILINE)
_OTHER = re.compile(r"^(?:import|export)\b[^\n]*", re.MULTILINE)


def worker_tasks(theme: Path) -> Iterator[Task]:
    """The files of workers, which replace those of the theme.

    Args:
        theme: The folder of the theme's templates.
    """
    for entry in sorted(theme.glob("assets/*/worker.js")):
        yield Task(entry.relative_to(theme).as_posix(), partial(bundled, entry))


def bundled(entry: Path) -> bytes:
    """A module with all modules that it imports, as one module without imports.

    Args:
        entry: The file of the module.

    Raises:
        ValueError: A module has another form of import or export, or imports itself.
    """
    names: dict[Path, str] = {}
    texts = [*_modules(entry.resolve(), names, ()), _code(entry.resolve(), names)[0]]
    return "".join(texts).encode()


def _modules(path: Path, names: dict[Path, str], within: tuple[Path, ...]) -> Iterator[str]:
    """The modules that a module imports, each after those that it imports itself."""
    if path in within:
        raise ValueError(f"{path}: imports itself")
    for found in (*_IMPORT.finditer(path.read_text()), *_PASSED_ON.finditer(path.read_text())):
        other = _resolved(path, found[2])
        if other not in names:
            yield from _modules(other, names, (*within, path))
            names[other] = f"$module{len(names)}"
            code, exported = _code(other, names)
            body = f"{code}return {{ {', '.join(exported)} }};\n"
            yield f"const {names[other]} = (() => {{\n{body}}})();\n"


def _code(path: Path, names: dict[Path, str]) -> tuple[str, list[str]]:
    """The code of a module, and the names that it exports."""
    text = _TYPE.sub("", _COMMENT.sub("", path.read_text()))
    exported = _EXPORT.findall(text)

    def taken(found: re.Match[str]) -> str:
        wanted = found[1].replace(" as ", ": ").split()
        return f"const {{ {' '.join(wanted)} }} = {names[_resolved(path, found[2])]};\n"

    def passed_on(found: re.Match[str]) -> str:
        wanted = [name for part in found[1].split(",") if (name := part.strip())]
        exported.extend(f"{name}: {names[_resolved(path, found[2])]}.{name}" for name in wanted)
        return ""

    text = _EXPORT.sub("", _PASSED_ON.sub(passed_on, _IMPORT.sub(taken, text)))
    if other := _OTHER.search(text):
        raise ValueError(f"{path}: expected an import or export of names, found {other[0]!r}")
    return re.sub(r"\n\n+", "\n", text), exported


def _resolved(path: Path, place: str) -> Path:
    return (path.parent / place).resolve()
