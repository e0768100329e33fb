"""The parts of `make soak`, in order, and how many cases each has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct

from tests.support.soak.engine_questions import engine_documents, engine_questions
from tests.support.soak.environments import ENVIRONMENTS, environments
from tests.support.soak.full_disk import SIZES, full_disk
from tests.support.soak.hostile_sets import built_sets, rendered_sets
from tests.support.soak.killed import killed_builds, killed_imports
from tests.support.soak.random_edits import random_edits
from tests.support.soak.side_by_side import side_by_side


class Part(Struct, frozen=True):
    """A part: what it is, its number of cases in a whole run and in `make test-all`.

    `prepare` gets an empty folder and returns a case: a function that takes a seed, returns how it
    ended, in words that are counted, and raises AssertionError if the program is wrong.
    """

    title: str
    cases: int
    few: int
    prepare: Callable[[Path], Callable[[int], str]]


PARTS: Mapping[str, Part] = {
    "hostile-data": Part(
        "hostile data sets of 50 policies, rendered in process", 10_000, 20, rendered_sets(50)
    ),
    "hostile-builds": Part("whole builds of hostile data sets", 200, 6, built_sets(50)),
    "killed-builds": Part(
        "builds of 100 policies, killed at a file-system event", 500, 3, killed_builds(100)
    ),
    "killed-imports": Part(
        "imports of 100 policies, killed at a file-system event", 500, 12, killed_imports(100)
    ),
    "full-disk": Part(
        "sizes of the space left, for builds and imports", SIZES, SIZES // 7, full_disk(60)
    ),
    "side-by-side": Part(
        "two builds, two imports, and imports beside build and serve", 80, 4, side_by_side(60)
    ),
    "environments": Part(
        "builds in twelve environments", 2 * len(ENVIRONMENTS), len(ENVIRONMENTS), environments
    ),
    "random-edits": Part("edits, each against a build from nothing", 30, 4, random_edits),
    "engine": Part(
        "questions of every form to the engine in the browser", 100_000, 500, engine_questions
    ),
    "engine-documents": Part(
        "pairs of documents, for the engine in the browser", 100_000, 50, engine_documents
    ),
}
