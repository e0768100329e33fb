"""The engine of the browser, started once for all tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.engine.process import Engine, started


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """A process of Node.js with the engine."""
    with started() as running:
        yield running
