"""A store is used as long as the data is what it was, and whatever happens to it is harmless."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random

import pytest
from policybook.commands.main import commands
from policybook.data.loader import load
from policybook.model.book import Book
from policybook.store import book_store, opening
from policybook.store.file_states import file_states
from policybook.store.places import store_folder

from tests.support.books import DATA, facts, write
from tests.support.cli import run

NAME = "AmazonSageMakerReadOnly"
QUESTIONS = (
    ("grants", "sagemaker:ListModels"),
    ("show", NAME, "--format", "json"),
    ("changes", "--policy", NAME, "--format", "json"),
    ("choose", "sagemaker:ListModels", "iam:PassRole", "--format", "json"),
)
FILES = ("book", "history", "overlap", "membership")
DOCUMENT = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "%s", "Resource": "*"}]}'
)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small book, whose files are older than a second."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "data"
    for name in (NAME, "AmazonSageMakerFullAccess"):
        shutil.copytree(DATA / "policies" / name, folder / "policies" / name)
    write(folder, {"book.yml": "title: A book\nintroduction: []\n"})
    return folder


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the store is ten seconds ahead, so that nothing is in doubt."""
    now = time.time_ns
    monkeypatch.setattr("policybook.store.file_states.time.time_ns", lambda: now() + 10_000_000_000)


def answers(data: Path, *more: str) -> list[tuple[int, str, str]]:
    """The answers to all questions."""
    results = [run(*question, "--data", data, *more) for question in QUESTIONS]
    return [(found.exit_code, found.stdout, found.stderr) for found in results]


def assert_same(data: Path) -> None:
    """Assert that the answers are those of the data, twice."""
    expected = answers(data, "--no-cache")
    assert answers(data) == expected
    assert answers(data) == expected


def store(data: Path) -> Path:
    """The folder of the store."""
    found = store_folder(data, None)
    assert found
    return found


@pytest.mark.usefixtures("settled")
def test_nothing_is_read_again(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If nothing was touched."""
    answers(data)
    monkeypatch.setattr(opening, "_renewed", None)
    assert_same_store = answers(data)
    assert [code for code, _, _ in assert_same_store] == [0] * len(QUESTIONS)


@pytest.mark.usefixtures("settled")
def test_only_what_was_touched_is_read(data: Path, tmp_path: Path) -> None:
    """One policy of two."""
    folder = tmp_path / "own"
    opening.stored_book(data, folder)
    (data / "policies" / NAME / "policy.yml").touch()
    seen: list[str] = []

    def watched(folders: Sequence[Path]) -> Iterator[Path]:
        for each in folders:
            seen.append(each.name)
            yield each

    found = opening.stored_book(data, folder, watched)
    assert seen == [NAME]
    assert dict(found.book.policies) == dict(load(data).policies)


@pytest.mark.usefixtures("settled")
def test_the_whole_book_is_stored(tmp_path: Path) -> None:
    """Every field, except for those that only a store has."""
    opening.stored_book(DATA, tmp_path / "own")
    found, expected = opening.stored_book(DATA, tmp_path / "own").book, load(DATA)
    for field in Book.__struct_fields__:
        if field not in ("services", "outgoing"):
            one, other = getattr(found, field), getattr(expected, field)
            assert (dict(one) if isinstance(one, Mapping) else one) == other, field
    apart = {"facts", "policies", "catalogues", "operations", "services", "outgoing"}
    assert book_store.PARTS.keys() | apart == set(Book.__struct_fields__)  # empty ones here, too


@pytest.mark.usefixtures("settled")
def test_what_is_known_without_reading(tmp_path: Path) -> None:
    """Which policies are not current, after an edit of another one too."""
    folder = Path(shutil.copytree(DATA, tmp_path / "data"))
    for _ in range(2):
        found = opening.stored_book(folder, tmp_path / "own").book
        expected = [n for n, p in load(folder).policies.items() if not p.deprecation.is_current]
        assert list(found.outgoing or ()) == expected
        (folder / "policies" / NAME / "policy.yml").touch()


EDITS: dict[str, Callable[[Path], object]] = {
    "a policy is removed": lambda data: shutil.rmtree(
        data / "policies" / "AmazonSageMakerFullAccess"
    ),
    "a policy is added": lambda data: write(
        data / "policies" / "New",
        {
            "policy.yml": facts("New", "versions: [{id: v1, published: 2024-01-01}]\n"),
            "v1.json": DOCUMENT % "sagemaker:ListModels",
        },
    ),
    "a file at the top is added": lambda data: write(data, {"successors.yml": "policies: []\n"}),
    "the data has an error": lambda data: write(data, {"policies/Bad/policy.yml": "name: 1\n"}),
    "a file is where none should be": lambda data: write(data, {"else.txt": ""}),
    "a document is in error": lambda data: write(data / "policies" / NAME, {"v1.yml": "["}),
    "the data is gone": shutil.rmtree,
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.usefixtures("settled")
def test_answers_follow_the_data(edit: str, data: Path) -> None:
    """Whatever is edited, errors included."""
    answers(data)
    EDITS[edit](data)
    assert_same(data)


def test_edits_of_the_same_size_within_a_second(data: Path) -> None:
    """Even if a file gets its old times back: it was in doubt when it was read."""
    file = (
        write(
            data / "policies" / "New",
            {
                "policy.yml": facts("New", "versions: [{id: v1, published: 2024-01-01}]\n"),
                "v1.json": DOCUMENT % "sagemaker:ListModels",
            },
        )
        / "v1.json"
    )
    for action in ("sagemaker:ListModelz", "sagemaker:ListModels", "sagemaker:ListModelx"):
        before = os.stat(file)
        answers(data)
        file.write_text(DOCUMENT % action)
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert_same(data)


def test_what_was_just_written_is_in_doubt(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For a second, since a further edit might leave size and times as they are."""
    assert not file_states(data).are_those_of(str(data))
    now = time.time_ns()
    monkeypatch.setattr("policybook.store.file_states.time.time_ns", lambda: now + 2_000_000_000)
    assert file_states(data).are_those_of(str(data))


def damages() -> dict[str, Callable[[bytes], bytes]]:
    """What may become of a file."""
    random = Random(3)
    found: dict[str, Callable[[bytes], bytes]] = {
        "empty": lambda _: b"",
        "half": lambda content: content[: len(content) // 2],
        "longer": lambda content: content + b"x",
        "other": lambda content: random.randbytes(len(content)),
        "of another program": lambda content: content[:17] + bytes(16) + content[33:],
    }

    def spoilt(content: bytes) -> bytes:
        places = random.sample(range(len(content)), 40)
        changed = bytearray(content)
        for place in places:
            changed[place] ^= 1 + random.randrange(255)
        return bytes(changed)

    def one_bit(content: bytes) -> bytes:
        place = random.randrange(len(content))
        return content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :]

    return {
        **found,
        **{f"random bytes {n}": spoilt for n in range(3)},
        **{f"one bit {n}": one_bit for n in range(4)},
    }


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", damages())
@pytest.mark.usefixtures("settled")
def test_damage_changes_no_answer(name: str, damage: str, data: Path) -> None:
    """It is found, and the store is made again."""
    answers(data)
    file = store(data) / name
    file.write_bytes(damages()[damage](file.read_bytes()))
    assert_same(data)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.usefixtures("settled")
def test_a_folder_in_the_place_of_a_file(name: str, data: Path) -> None:
    """The store cannot be written then, and the data is read."""
    (store(data) / name).mkdir(parents=True)
    assert_same(data)


@pytest.mark.usefixtures("settled")
def test_a_half_written_store_is_not_read(data: Path) -> None:
    """A process that was killed leaves a file of another name."""
    expected = answers(data)
    file = store(data) / "book"
    part = file.with_name("book.999999999")
    part.write_bytes(file.read_bytes()[:1_000])
    file.unlink()
    assert answers(data) == expected


@pytest.mark.usefixtures("settled")
def test_no_place_for_a_store(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container without a home: a file is where the cache folder should be."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert_same(data)


@pytest.mark.usefixtures("settled")
def test_data_that_cannot_be_written(data: Path) -> None:
    """Nothing is written beside the data."""
    before = sorted(data.rglob("*"))
    folders = [data, *(path for path in before if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    assert_same(data)
    assert sorted(data.rglob("*")) == before
    for folder in folders:
        folder.chmod(0o755)


@pytest.mark.usefixtures("settled")
def test_no_cache_neither_reads_nor_writes(data: Path) -> None:
    """The option of all commands that ask a book."""
    answers(data, "--no-cache")
    assert not store(data).exists()


def test_a_folder_of_another_book_is_not_taken_for_this_one(data: Path, tmp_path: Path) -> None:
    """Stores are by the place of the data."""
    other = Path(shutil.copytree(data, tmp_path / "other"))
    shutil.rmtree(other / "policies" / NAME)
    answers(data)
    assert_same(other)
    assert store(data) != store(other)


def test_the_commands_that_ask_have_the_option() -> None:
    """And no others."""
    asking = {
        name
        for name, command in commands.commands.items()
        if any("--no-cache" in parameter.opts for parameter in command.params)
    }
    assert asking == {
        *("changes", "choose", "covers", "diff", "drift", "grants", "growth", "risks", "show"),
    }
