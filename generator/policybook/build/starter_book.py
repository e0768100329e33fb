"""Fills a new folder, such as with a new book: an example policy, its settings, the risk rules."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from msgspec import Struct

from policybook.errors import PolicybookError
from policybook.output.html.templating import templates_folder

_WHEEL = re.compile(r"policybook-[0-9][0-9A-Za-z._!+]*(-[0-9A-Za-z._]+){3}\.whl")
_COMMIT = re.compile(
    r"(?:git\+)?(?P<url>(?:https://|ssh://(?:[\w.-]+@)?)[\w.:~/%+-]+)"
    r"@(?P<commit>[0-9a-f]{40}|[0-9a-f]{64})",
    re.ASCII,
)
_LOCK = "requirements.lock"


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
    """Copy the example book, the risk rules, and the lists that are reviewed here.

    Args:
        folder: A new or empty folder.
        source: Where its workflow installs policybook from. Default: the workflow asks for it.
        aws: Whether it is a book of all of AWS, without an example, which its workflow fills.

    Raises:
        PolicybookError: The folder is not empty.

    """
    with new_content(folder):
        without = shutil.ignore_patterns("policies") if aws else None
        starter = templates_folder() / "starter_book"
        shutil.copytree(starter, folder, dirs_exist_ok=True, ignore=without)
        if aws:
            shutil.copytree(templates_folder() / "aws_book", folder, dirs_exist_ok=True)
        for name in ("boundaries.yml", "operations.yml", "rules.yml", "successors.yml"):
            shared = templates_folder().parent / "data" / name
            if shared.is_file():  # a wheel has them in the starter book
                shutil.copy(shared, folder / "data")
        for path, content in source.files.items() if source else ():
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_bytes(content)


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
