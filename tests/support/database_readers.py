"""Readers of the files of data that are not ours: datasette over HTTP, and DuckDB."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

from policybook.output.database.views import VIEWS

Answer = list[dict[str, Any]]


@contextmanager
def datasette(path: Path, seconds: float = 240) -> Iterator[Callable[[str], Answer]]:
    """Let datasette serve a database; gives a function that asks it in SQL."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = (
        "serve",
        "--immutable",
        path,
        "--port",
        port,
        "--setting",
        "sql_time_limit_ms",
        9999,
    )
    running = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "datasette", *map(str, arguments)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def ask(sql: str) -> Answer:
        query = urlencode({"sql": sql, "_shape": "array"})
        with urlopen(f"http://127.0.0.1:{port}/{path.stem}.json?{query}") as found:
            answer: Answer = json.load(found)
            return answer

    try:
        end = time.monotonic() + seconds
        while running.poll() is None and time.monotonic() < end:
            try:
                ask("SELECT 1")
                break
            except URLError:
                time.sleep(0.1)
        yield ask
    finally:
        running.terminate()
        running.wait()


def duckdb_answers(folder: Path, asked: Mapping[str, str]) -> Mapping[str, Answer]:
    """What DuckDB answers to SQL from Parquet files, with days as texts; by the questions."""
    import duckdb

    found: dict[str, Answer] = {}
    with duckdb.connect() as connection:
        for path in sorted(folder.glob("*.parquet")):
            connection.sql(f'CREATE VIEW "{path.stem}" AS SELECT * FROM "{path}"')  # noqa: S608  # a file of ours
        for view in VIEWS:
            if "json_each" not in view.sql:
                connection.sql(f"CREATE VIEW {view.name} AS {view.sql}")
        for question, sql in asked.items():
            answer = connection.sql(sql)
            found[question] = [
                {
                    name: str(value) if isinstance(value, date) else value
                    for name, value in zip(answer.columns, row, strict=True)
                }
                for row in answer.fetchall()
            ]
    return found
