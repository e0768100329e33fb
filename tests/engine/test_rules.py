"""The tables of the engine in the browser are those of the program."""

from __future__ import annotations

import os

from tests.support.engine.rules import FILE, written


def test_the_tables_of_the_engine_are_those_of_the_program() -> None:
    """UPDATE_GOLDEN=1 writes them anew."""
    if os.environ.get("UPDATE_GOLDEN"):
        FILE.write_text(written(), "utf-8")
    assert FILE.read_text("utf-8") == written()
