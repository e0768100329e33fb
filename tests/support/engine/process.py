"""A process of Node.js that answers questions to the engine of the browser."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import msgspec
import pytest

_SERVER = Path(__file__).parent / "server.js"
_AT_ONCE = 200  # questions in a line, so that neither side waits for the other with full pipes


class Question(NamedTuple):
    """A question: the name of a function in `calls.js`, and what it is given."""

    name: str
    given: Sequence[Any]


def encoded(questions: Iterable[Question]) -> bytes:
    """Questions in the form in which the engine is asked."""
    return msgspec.json.encode([[question.name, *question.given] for question in questions])


class Engine:
    """The engine, which is started once and answers many questions."""

    def __init__(self) -> None:
        self._node = subprocess.Popen(
            ["node", str(_SERVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        self._node.communicate()

    def ask(self, name: str, *given: Any) -> Any:
        """The answer to one question; fails if the engine has an error."""
        return self.answers([Question(name, given)])[0]

    def answers(self, questions: Iterable[Question]) -> list[Any]:
        """The answers to the questions, in order; fails if the engine has an error."""
        listed = list(questions)
        found: list[Any] = []
        for first in range(0, len(listed), _AT_ONCE):
            found += self.asked(listed[first : first + _AT_ONCE])()
        return found

    def asked(self, questions: Sequence[Question]) -> Callable[[], list[Any]]:
        """Ask a few questions. The engine looks for the answers while other work is done.

        Returns:
            A function that waits for the answers; see `answers`.
        """
        assert self._node.stdin
        self._node.stdin.write(encoded(questions) + b"\n")
        self._node.stdin.flush()
        return partial(self._answers, questions)

    def _answers(self, questions: Sequence[Question]) -> list[Any]:
        assert self._node.stdout
        answers = msgspec.json.decode(self._node.stdout.readline())
        for question, answer in zip(questions, answers, strict=True):
            assert "error" not in answer, (question, answer["error"])
        return [answer["answer"] for answer in answers]


def started() -> Engine:
    """The engine. Without Node.js the test is skipped, and with CI=true it fails."""
    if shutil.which("node") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Node.js on the PATH")
        pytest.skip("no Node.js on the PATH")
    return Engine()
