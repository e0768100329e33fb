"""Fills a new folder, such as with a new book: an example policy, its settings, the risk rules."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib import metadata
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zipfile import BadZipFile, ZipFile

import msgspec
from msgspec import Struct

from policybook.data.schemas.places import kind_of
from policybook.data.schemas.published import schema_files
from policybook.errors import PolicybookError
from policybook.output.html.templating import templates_folder

_WHEEL = re.compile(r"policybook-[0-9][0-9A-Za-z._!+]*(-[0-9A-Za-z._]+){3}\.whl")
_COMMIT = re.compile(
    r"(?:git\+)?(?P<url>(?:https://|ssh://(?:[\w.-]+@)?)[\w.:~/%+-]+)"
    r"@(?P<commit>[0-9a-f]{40}|[0-9a-f]{64})",
    re.ASCII,
)
_LOCK = "requirements.lock"
_SCHEMAS = "schemas"
_EXAMPLES = ("policies", "groups", "guides", "roles.yml")
_COMPILED = "__pycache__"  # pip compiles what a wheel holds, the script of the review too
# What a new book has of this repository: its file there, and the file here.
_SHARED = {
    "data/boundaries.yml": "data/boundaries.yml",
    "data/operations.yml": "data/operations.yml",
    "data/rules.yml": "data/rules.yml",
    "data/successors.yml": "data/successors.yml",
    ".github/actions/review/action.yml": "action.yml",
    ".github/actions/review/action/comment.py": "action/comment.py",
    ".github/actions/review/action/compare.sh": "action/compare.sh",
}


class InstallSource(Struct, frozen=True):
    """Where the workflow of a new book installs policybook from.

    `files` are the files of the book that say so, by path: `requirements.txt` for pip, with hashes
    of all packages, and the wheel, or else `requirements-git.txt` with the commit, for which pip
    knows no hash: the id of the commit is one.
    """

    files: Mapping[str, bytes]


def read_source(text: str) -> InstallSource:
    """Read where to install policybook from.

    Args:
        text: The path of a wheel, or the URL of a git repository, `@` and the id of a commit.

    Raises:
        PolicybookError: It is neither, or the wheel does not list its dependencies.

    """
    if found := _COMMIT.fullmatch(text):
        line = f"policybook @ git+{found['url']}@{found['commit']}\n"
        return InstallSource(
            {"requirements.txt": _own_lock(), "requirements-git.txt": line.encode()}
        )
    if "://" in text:
        raise PolicybookError(
            f"{text}: expected the URL of a git repository and a commit as URL@COMMIT, the commit"
            " with all of its 40 digits"
        )
    wheel = Path(text)
    if not _WHEEL.fullmatch(wheel.name):
        raise PolicybookError(f"{text}: expected URL@COMMIT or a wheel policybook-….whl")
    content = wheel.read_bytes()
    line = f"./wheels/{wheel.name} --hash=sha256:{hashlib.sha256(content).hexdigest()}\n"
    lock = line.encode() + _lock_of(content, wheel)
    return InstallSource({"requirements.txt": lock, f"wheels/{wheel.name}": content})


def installed_source() -> InstallSource | None:
    """Where this program was installed from, if that is a wheel or a commit; else None.

    pip keeps that in `direct_url.json` (PyPA specifications, "Recording the Direct URL Origin of
    installed distributions"). A wheel that is no longer there, or another one now, is none.
    """
    with suppress(metadata.PackageNotFoundError, msgspec.MsgspecError, PolicybookError, OSError):
        text = metadata.distribution("policybook").read_text("direct_url.json")
        origin = msgspec.json.decode(text or "", type=_Origin)
        if origin.vcs_info:
            return read_source(f"{origin.url}@{origin.vcs_info.commit_id}")
        wheel = Path(unquote(urlsplit(origin.url).path))
        digest = origin.archive_info.hashes.get("sha256") if origin.archive_info else None
        if digest == hashlib.sha256(wheel.read_bytes()).hexdigest():
            return read_source(str(wheel))
    return None  # it was installed in another way


class _Commit(Struct):
    commit_id: str


class _Archive(Struct):
    hashes: dict[str, str] = {}


class _Origin(Struct):
    """The parts of `direct_url.json` that are read."""

    url: str
    vcs_info: _Commit | None = None
    archive_info: _Archive | None = None


def _own_lock() -> bytes:
    """The dependencies of this program with their hashes: in the installed package, else here."""
    inside = templates_folder() / _LOCK
    return (inside if inside.is_file() else templates_folder().parent / _LOCK).read_bytes()


def _lock_of(content: bytes, wheel: Path) -> bytes:
    """The dependencies of the program in a wheel."""
    try:
        return ZipFile(BytesIO(content)).read(f"policybook/templates/{_LOCK}")
    except (BadZipFile, KeyError) as error:
        raise PolicybookError(
            f"{wheel}: expected a wheel of policybook with its {_LOCK}, found none"
        ) from error


def start_book(folder: Path, source: InstallSource | None = None, *, aws: bool = False) -> None:
    """Copy the example book, the risk rules, the lists that are reviewed here, and the schemas.

    Args:
        folder: A new or empty folder.
        source: Where its workflow installs policybook from. Default: the file of this program that
            pip installed; if it is none, `requirements.txt` has the dependencies alone, and the
            workflow says what to fill in.
        aws: Whether it is a book of all of AWS, without an example, which its workflow fills.

    Raises:
        PolicybookError: The folder is not empty.

    """
    source = source or installed_source() or InstallSource({"requirements.txt": _own_lock()})
    with new_content(folder):
        without = shutil.ignore_patterns(_COMPILED, *(_EXAMPLES if aws else ()))
        starter = templates_folder() / "starter_book"
        shutil.copytree(starter, folder, dirs_exist_ok=True, ignore=without)
        if aws:
            shutil.copytree(
                templates_folder() / "aws_book", folder, dirs_exist_ok=True, ignore=without
            )
        for inside, outside in _SHARED.items():
            shared = templates_folder().parent / outside
            if shared.is_file():  # a wheel has them in the starter book
                (folder / inside).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(shared, folder / inside)
        for path, content in source.files.items():
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_bytes(content)
        write_schemas(folder / _SCHEMAS)
        _name_schemas(folder)


def write_schemas(folder: Path) -> int:
    """Write the JSON Schema of each kind of data file into a folder; returns how many there are.

    Args:
        folder: The folder, which is created if it does not exist. Other files in it are kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = dict(schema_files())
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return len(files)


def _name_schemas(folder: Path) -> None:
    """Let each data file of a book in YAML begin with the line that names its schema to editors."""
    for path in sorted((folder / "data").rglob("*.yml")):
        place = path.relative_to(folder / "data")
        if kind := kind_of(place):
            up = "../" * len(place.parts)
            line = f"# yaml-language-server: $schema={up}{_SCHEMAS}/{kind}.json\n"
            path.write_bytes(line.encode() + path.read_bytes())


@contextmanager
def new_content(folder: Path) -> Iterator[None]:
    """Let a folder be filled, and empty it again if that fails or is interrupted.

    Args:
        folder: A new or empty folder.

    Raises:
        PolicybookError: The folder has content, or is a file.

    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise PolicybookError(f"{folder}: expected a new or empty folder, found content")
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        yield
    except BaseException:
        for path in folder.iterdir() if folder.is_dir() else ():
            with suppress(OSError):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        for place in missing:
            with suppress(OSError):  # something else has come there
                place.rmdir()
        raise
