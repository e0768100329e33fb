"""The text in which the full-text index looks for policies."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policybook.book.context import BookContext
from policybook.output.database.declarations import DatabaseRow
from policybook.output.database.numbers import Numbers
from policybook.output.json.list_results import lines_result

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
"""The words of a name such as `AmazonS3FullAccess`."""


def search_rows(context: BookContext, numbers: Numbers) -> Iterator[DatabaseRow]:
    """The rows of the full-text index, for each policy.

    Yields:
        The policy's number, its name, the words of its name, the names of its services, what it
        does and is for, and what AWS says about its changes.

    """
    for line in lines_result(context):
        policy = context.book.policies[line.name]
        prefixes = sorted({use.prefix for use in context.index.uses.get(line.name, ())})
        services = [f"{prefix} {context.catalogue.name(prefix) or ''}" for prefix in prefixes]
        notes = (version.facts.change for version in policy.versions)
        yield (
            numbers.policies[line.name],
            line.name,
            " ".join(_WORDS.findall(line.name)),
            "\n".join(map(str.strip, services)),
            "\n".join(filter(None, (policy.facts.summary, line.sentence))),
            "\n".join(dict.fromkeys(filter(None, notes))),
        )
