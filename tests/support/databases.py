"""Books as files of data, the questions of the how-to page, and the API's files without a site."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from policybook.book.context import BookContext
from policybook.build.database.data_files import DataFiles
from policybook.output.files import site_files

from tests.support.books import REPOSITORY, write

PAGE = REPOSITORY / "docs/how-to/ask-the-database.md"


def data_files(context: BookContext, folder: Path) -> Path:
    """The folder with the files of data of a book."""
    return write(folder, {file.path: file.render() for file in DataFiles(context).files()})


def api(context: BookContext) -> Mapping[str, Any]:
    """The results of the API's JSON files, by their paths below `api/v1/`."""
    return {
        path: json.loads(file.render())["result"]
        for file in site_files(context)
        if file.path.endswith(".json")
        and (path := file.path.removeprefix("api/v1/")) != file.path
        and path != "openapi.json"
    }


@cache
def questions() -> Mapping[str, str]:
    """The SQL of the how-to page by its questions, which are bold."""
    found = re.findall(
        r"\*\*([^*]+\?)\*\*[^`]*(?:`[^`]+`[^`]*)*```sql\n(.+?)\n```", _text(), re.DOTALL
    )
    return {" ".join(question.split()): " ".join(sql.split()) for question, sql in found}


def _text() -> str:
    return PAGE.read_text("utf-8")
