"""The engine in the browser as a process that answers questions, to compare it with the program."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
from policybook.catalogue.catalogue import Catalogue
from policybook.model.risk_rules import Rule
from policybook.output.engine_files import engine_catalogue, engine_rules

_SCRIPT = Path(__file__).parent / "engine" / "answers.js"


class Engine:
    """A process of Node that runs the engine.

    Args:
        folder: Where the engine's data is written.
        catalogue: The actions that it knows.
        rules: The risk rules that it knows.

    """

    def __init__(self, folder: Path, catalogue: Catalogue, rules: Iterable[Rule]) -> None:
        self._folder = folder
        self._process = subprocess.Popen(  # our own script
            ["node", _SCRIPT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        held = {"catalogue": engine_catalogue(catalogue), "rules": engine_rules(rules)}
        self.ask("hold", **{name: self.file(name, value) for name, value in held.items()})

    def file(self, name: str, value: object) -> str:
        """The path of a new file that holds the value as JSON."""
        path = self._folder / f"{name}.json"
        path.write_bytes(msgspec.json.encode(value))
        return str(path)

    def ask(self, question: str, **given: Any) -> Any:
        """The engine's answer to one of the questions of `answers.js`."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"ask": question, **given}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert "error" not in answer, answer["error"]
        return answer["answer"]

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()
